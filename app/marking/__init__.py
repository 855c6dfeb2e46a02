"""Marking 阅卷: from what was handed in to a result, and from a result to the decision to certify.

Handing in closes the sitting and scores at once what a machine may score (`scoring`); short answers and cases go to
the marking desk as scripts without a name, and never to somebody who taught the candidate. When the last script is
marked, the pass rule (`passing`) makes the final result; a result is a version and is never edited. The decision
belongs to a person who neither taught nor marked, and it asks for the certificate.
"""
