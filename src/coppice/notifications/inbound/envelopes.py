"""Whom a mail was from and for, where its carrier does not tell: what the delivering server wrote into it."""

from coppice.notifications.inbound import reading, taking

# What mail servers write on delivery, the likeliest first; To and Cc only where they wrote nothing.
RECIPIENT_HEADERS = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
SENDER_HEADERS = ("Return-Path", "X-Envelope-From")


def sender(read: reading.ReadMail) -> str:
    """Return the envelope's sender of a mail, else whom it says that it is from."""
    told = next((value for name in SENDER_HEADERS for value in reading.headers(read.mail, name)), None)
    return read.from_address if told is None else told


def recipients(read: reading.ReadMail) -> list[str]:
    """Return the addresses here that a mail was for, by its headers."""
    for names in ([name] for name in RECIPIENT_HEADERS):
        ours = [each for each in read.addresses(*names) if taking.refusal(each) is None]
        if ours:
            return ours[:1]
    return [each for each in read.addresses("To", "Cc") if taking.refusal(each) is None]
