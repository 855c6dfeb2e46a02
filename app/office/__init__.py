"""The office 办公室: what spans domains, such as the overview of a class and the demonstration base."""
