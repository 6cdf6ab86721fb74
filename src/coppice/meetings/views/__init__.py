"""The pages of meetings: for people signed in, and behind the signed links of mails."""
