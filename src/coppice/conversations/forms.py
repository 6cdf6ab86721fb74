"""What people type in conversations."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.conversations.circle import Circle
from coppice.conversations.files import ACCEPTED, LARGEST_BYTES, GivenFile, given
from coppice.conversations.mentions import unclear_in
from coppice.conversations.models import LONGEST_POST, LONGEST_QUOTE, LONGEST_TITLE, Post, Thread
from coppice.history.middleware import FIELD as ONCE
from coppice.lib.errors import DomainError
from coppice.lib.lines import LineFormField
from coppice.photos.renditions import LARGEST_BYTES as LARGEST_PICTURE
from coppice.programs.models import Topic
from coppice.ui.edits import EditForm

FILES = (1, 2, 3)
NOBODY = "0"


class WordsForm(forms.Form):
    """The words of a post, whom they are meant for, and files.

    Where @Name could be one of several people, the form comes again and asks which.
    """

    markdown = forms.CharField(
        label=_("What you want to say"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 7, "data-composer": "", "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )
    mentions = forms.MultipleChoiceField(
        label=_("Who shall be told in particular?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, circle: Circle, writer_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = circle.others(writer_id)
        mentions = self.fields["mentions"]
        assert isinstance(mentions, forms.MultipleChoiceField)
        mentions.choices = [(str(each.person_id), each.name) for each in others]
        if not others:
            del self.fields["mentions"]
        for number in FILES:
            self.fields[f"file_{number}"] = forms.FileField(
                label=_("File %(number)s") % {"number": number},
                required=False,
                widget=forms.FileInput(attrs={"accept": ACCEPTED}),
            )
            self.fields[f"alt_{number}"] = LineFormField(
                label=_("If it is a picture: what does it show?"), required=False, max_length=200
            )
        self._asked: dict[str, str] = {}
        said = str(self.data.get("markdown", ""))[:LONGEST_POST]
        for name, people in unclear_in(said, circle).items():
            key = f"who_{name.casefold()}"
            self._asked[key] = name
            self.fields[key] = forms.ChoiceField(
                label=_("Whom do you mean by @%(name)s?") % {"name": name},
                choices=[
                    *((str(each.person_id), each.name) for each in people),
                    (NOBODY, _("Nobody in particular")),
                ],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Several people have this name. Say whom you mean, then send it again.")
                },
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions whom a name means."""
        return [self[key] for key in self._asked]

    @property
    def file_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each place for a file, with the one for what it shows."""
        return [(self[f"file_{number}"], self[f"alt_{number}"]) for number in FILES]

    @property
    def people(self) -> list[int]:
        """The ids of those who are to be told in particular."""
        chosen = [*self.cleaned_data.get("mentions", ()), *(self.cleaned_data[key] for key in self._asked)]
        return [int(each) for each in chosen if each != NOBODY]

    @property
    def given_files(self) -> list[GivenFile]:
        """The files that came with it, of which each may be kept."""
        return [self.cleaned_data[f"given_{each}"] for each in FILES if f"given_{each}" in self.cleaned_data]

    @property
    def key(self) -> str:
        """What makes the same form, sent twice, one post; "" for a form without its key."""
        once = str(self.data.get(ONCE, ""))
        said = [str(self.data.get(name, "")) for name in ("kind", "title", "markdown", "quoted")]
        digest = hashlib.blake2b("\x00".join([once, *said]).encode(errors="replace"), digest_size=16)
        return f"form:{digest.hexdigest()}" if once else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for number in FILES:
            file = cleaned.get(f"file_{number}")
            if not file:
                continue
            try:
                if file.size > max(LARGEST_BYTES, LARGEST_PICTURE):
                    cleaned[f"given_{number}"] = given("", b"")
                else:
                    alt = cleaned.get(f"alt_{number}", "")
                    cleaned[f"given_{number}"] = given(file.name, file.read(), alt=alt)
            except DomainError as refused:
                self.add_error(f"file_{number}", str(refused.sentence))
        return cleaned


class ThreadForm(WordsForm):
    """A new conversation."""

    field_order = ("kind", "title", "topic")  # as they stand on the page, and so in the list of errors

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Thread.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is, so that others know what you would like of them.")},
    )
    title = LineFormField(
        label=_("Title"),
        max_length=160,
        error_messages={"required": _("Give it a title, so that others see what it is about.")},
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("None of these"),
        help_text=_(
            "An ask or question about a topic is brought to up to three people who offer help with it."
        ),
    )

    def __init__(self, *args: Any, program_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ModelChoiceField)
        topic.queryset = Topic.objects.filter(program=program_id)


class ReplyForm(WordsForm):
    """A reply, which may quote a part of another post."""

    quoted = forms.ModelChoiceField(queryset=Post.objects.none(), required=False, widget=forms.HiddenInput)
    quoted_text = forms.CharField(
        label=_("The part that you answer"),
        required=False,
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Keep only what you answer."),
    )

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quoted = self.fields["quoted"]
        assert isinstance(quoted, forms.ModelChoiceField)
        quoted.queryset = Post.objects.visible().filter(thread=thread)
        quoted.error_messages["invalid_choice"] = _(
            "The post that you quote is here no longer. Send your words once more, and they go without it."
        )
        self.fields["markdown"].label = _("Your reply")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_error("quoted"):
            # Hidden or moved meanwhile: it is said once, and the words can be sent without it.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["quoted"] = self.data["quoted_text"] = ""  # type: ignore[index]
        return cleaned

    @property
    def quotes(self) -> bool:
        """Whether it answers a part of a post."""
        return bool(self["quoted"].value())


class DraftForm(forms.Form):
    """What is kept of words that are not sent yet: whatever is there, and of too many as many as fit."""

    kind = forms.ChoiceField(choices=Thread.Kind.choices, required=False)
    title = LineFormField(required=False, max_length=160)
    markdown = forms.CharField(required=False, max_length=LONGEST_POST)
    quoted = forms.ModelChoiceField(queryset=Post.objects.none(), required=False)
    quoted_text = forms.CharField(required=False, max_length=LONGEST_QUOTE)

    def __init__(self, data: Mapping[str, Any], *, thread: Thread | None = None) -> None:
        longest = {"title": LONGEST_TITLE, "markdown": LONGEST_POST, "quoted_text": LONGEST_QUOTE}
        short = {name: data.get(name, "").replace("\0", "")[:most] for name, most in longest.items()}
        super().__init__({**{name: data.get(name, "") for name in ("kind", "quoted")}, **short})
        quoted = self.fields["quoted"]
        assert isinstance(quoted, forms.ModelChoiceField)
        if thread is not None:
            quoted.queryset = Post.objects.visible().filter(thread=thread)


class PostEditForm(EditForm, forms.ModelForm):
    """Other words for a post."""

    class Meta:
        model = Post
        fields = ["markdown"]
        labels = {"markdown": _("What you want to say")}
        widgets = {"markdown": forms.Textarea(attrs={"rows": 10, "data-composer": "", "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["markdown"].required = True
        self.fields["markdown"].error_messages["required"] = _("Write something first.")


class ThreadEditForm(EditForm, forms.ModelForm):
    """Another title, kind or topic for a conversation."""

    class Meta:
        model = Thread
        fields = ["kind", "title", "topic"]
        labels = {"kind": _("What is it?"), "title": _("Title"), "topic": _("Topic")}
        widgets = {"kind": forms.RadioSelect()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, topic = self.fields["kind"], self.fields["topic"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(topic, forms.ModelChoiceField)
        kind.choices = Thread.Kind.choices
        topic.queryset = Topic.objects.filter(program=self.instance.community.program_id)
        topic.empty_label = _("None of these")


class SettlingForm(forms.Form):
    """Who answered or helped: a post, somebody of the community, or nobody in particular."""

    post = forms.ModelChoiceField(queryset=Post.objects.none(), required=False)
    helper = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, thread: Thread, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post, helper = self.fields["post"], self.fields["helper"]
        assert isinstance(post, forms.ModelChoiceField)
        assert isinstance(helper, forms.ChoiceField)
        post.queryset = Post.objects.visible().filter(thread=thread)
        helper.choices = [
            ("", ""),
            *((str(each.person_id), each.name) for each in circle.others(thread.started_by_id)),
        ]
