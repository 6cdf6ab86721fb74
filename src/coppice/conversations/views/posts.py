"""One post: changing it, what it said before, taking it back, reacting, and its files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.conversations import queries
from coppice.conversations.actions import posts as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.forms import PostEditForm
from coppice.conversations.mentions import names_in
from coppice.conversations.models import Attachment, Post
from coppice.conversations.permissions import can_change, can_open, can_react, can_read_post, can_take_back
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.photos.serving import photo_answer

VERSIONS = 20
"""So many earlier versions are drawn on one page."""


# GET, POST /posts/<id>/
@access(can_change, on=queries.post_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post: Post) -> HttpResponse:
    """Change one's own post; what it said stays to be read."""
    kept = Post.objects.get(pk=post.pk)
    form = PostEditForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(post, by=request.user, markdown=form.cleaned_data["markdown"])
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Saved. What it said before can still be read."))
            return redirect(post)
    context = {"community": post.community, "tab": "talk", "post": post, "thread": post.thread, "form": form}
    return render(request, "conversations/post_edit.html", context, status=422 if form.errors else 200)


# GET /posts/<id>/versions/
@access(can_read_post, on=queries.post_of)
@require_safe
def versions(request: HttpRequest, post: Post) -> HttpResponse:
    """What a post says, and what it said before, the newest first."""
    circle = circle_of(post.community)
    page = Paginator(post.versions.order_by("-pk"), VERSIONS).get_page(request.GET.get("page"))
    context = {
        "community": post.community,
        "tab": "talk",
        "post": post,
        "thread": post.thread,
        "name": circle.called(post.author_id, written=post.author_name),
        "now": to_html(post.markdown, marked=names_in(post.markdown, circle)),
        "earlier": [(to_html(each.markdown), each.replaced_at) for each in page],
        "page": page,
    }
    return render(request, "conversations/versions.html", context)


# GET, POST /posts/<id>/removal/
@access(can_take_back, on=queries.post_of)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, post: Post) -> HttpResponse:
    """Take one's own post back, once asked whether."""
    thread = post.thread
    if request.method == "POST":
        actions.take_back(post, by=request.user)
        messages.success(request, _("Taken back."))
        if thread.posts.exists():
            return redirect(thread)
        return redirect("conversations:threads", post.community_id)
    is_only = actions.is_alone(post)
    context = {
        "community": post.community,
        "tab": "talk",
        "post": post,
        "thread": thread,
        "is_only": is_only,
        "html": to_html(post.markdown),
    }
    return render(request, "conversations/removal.html", context)


# POST /posts/<id>/reactions/
@access(can_react, on=queries.post_of)
@require_POST
def reactions(request: HttpRequest, post: Post) -> HttpResponse:
    """Say something to a post by a ready reaction, or take that back."""
    try:
        actions.react(post, by=request.user, kind=request.POST.get("kind", ""))
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect(post)


# GET /attachments/<id>/
@access(can_open, on=queries.attachment_of)
@require_safe
def attachment(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """Give out a file, always as one to keep: no browser opens it as a page of ours."""
    if not attachment.file:
        return redirect("conversations:picture", attachment.pk, "large")
    try:
        with attachment.file.open() as content:
            answer = HttpResponse(content.read(), content_type=attachment.content_type)
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=attachment.name) or "attachment"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


# GET /attachments/<id>/<size>/
@access(can_open, on=queries.picture_of)
@require_safe
def picture(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """Give out a picture, large or small."""
    assert request.resolver_match is not None
    return photo_answer(request, attachment.picture, request.resolver_match.kwargs["size"])
