"""Files in a bucket that speaks S3: signed requests, and Django's storage on top of them.

No client library: the one that all others build on wants an older python-dateutil than meetings do
(docs/decisions/0014-files-in-s3.md).
"""
