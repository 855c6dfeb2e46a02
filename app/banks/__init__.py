"""The item banks 题库: what may be asked, and how an exam paper is to be made of it.

A bank belongs to one edition of a standard. Its items are written as files, one item a file, and read by
`content`; `lint` holds them to named rules; `services.load_bank` stores every version under the hash of its
content, so that a paper can be shown for ever exactly as it was sat. `specification` says how many items of
which kind a paper has and when it is passed.
"""
