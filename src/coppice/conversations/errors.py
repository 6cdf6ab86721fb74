"""What conversations refuse, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NothingSaid(DomainError):
    """A post has no words."""

    code = "nothing_said"
    sentence = _("There is nothing in it yet. Write something first.")


class NoTitle(DomainError):
    """A thread has no title."""

    code = "no_title"
    sentence = _("Give it a title, so that others see what it is about.")


class TalkIsOver(DomainError):
    """The community has ended."""

    code = "talk_is_over"
    sentence = _("This community has ended. Everything stays to be read, and nothing can be added.")


class NotOfThisThread(DomainError):
    """A post of another thread is quoted or named."""

    code = "not_of_this_thread"
    sentence = _("That post is not in this conversation. Open the conversation again.")


class NotSaidThere(DomainError):
    """A quotation holds words that the quoted post does not say."""

    code = "not_said_there"
    sentence = _(
        "The part that you answer holds words that are not in that post. Leave out what you like, but add "
        "nothing."
    )


class PostIsGone(DomainError):
    """A post that was taken back or hidden meanwhile is changed."""

    code = "post_is_gone"
    sentence = _("This post is not there any more. Nothing was changed.")


class NotAQuestion(DomainError):
    """Only a question and an ask can be settled."""

    code = "not_a_question"
    sentence = _("Only a question can be answered, and only an ask for help can be helped.")


class NobodyHere(DomainError):
    """Whoever is named is not in the community."""

    code = "nobody_here"
    sentence = _("That person is not in this community. Choose somebody who is.")


class NoSuchReaction(DomainError):
    """A reaction that there is not."""

    code = "no_such_reaction"
    sentence = _("That is not one of the answers. Choose one that is shown.")


class FileRefused(DomainError):
    """A file that may not come with a post."""

    code = "file_refused"
    sentence = _(
        "This file cannot be taken. Take a picture, a PDF, a text, a table or slides, of up to 10 MB."
    )


class TooManyFiles(DomainError):
    """More files than a post may have."""

    code = "too_many_files"
    sentence = _("A post takes up to five files. Put further ones into another post.")


class NotYourConversation(DomainError):
    """A mail to a conversation that its sender may not write in any more."""

    code = "not_your_conversation"
    sentence = _("You may not write there, or not any more. Nothing was posted.")


class NoReason(DomainError):
    """A post is hidden, or a first post answered, without a reason."""

    code = "no_reason"
    sentence = _("Say why, in a sentence that you would say to them yourself.")


class NotTheirs(DomainError):
    """Somebody decides about a post about which others decide."""

    code = "not_theirs"
    sentence = _("About this post somebody else decides: nobody does about what they wrote themselves.")


class TooManyArchives(DomainError):
    """More archives wait than one community needs at once."""

    code = "too_many_archives"
    sentence = _("Five archives wait here already. Bring them in, or throw one away, before the next.")


class ArchiveGone(DomainError):
    """An archive that was dealt with is dealt with again."""

    code = "archive_gone"
    sentence = _("This archive was dealt with meanwhile. Look at how it stands now.")


class WrongPiece(DomainError):
    """A piece of a file that is not the next one."""

    code = "wrong_piece"
    sentence = _("Another part of the file is to come next.")


class NoTextColumn(DomainError):
    """Nobody said which column of a table holds what was written."""

    code = "no_text_column"
    sentence = _("Say which column holds what was written.")


class DatesUnclear(DomainError):
    """The dates of a table can be read in two ways."""

    code = "dates_unclear"
    sentence = _("Say whether the day or the month stands first in the dates.")


class OnlyPost(DomainError):
    """The only post of a conversation is to be moved into another."""

    code = "only_post"
    sentence = _("It is the only post here. Correct the title of the conversation in place of moving it.")
