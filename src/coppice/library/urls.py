"""Addresses of the library."""

from django.urls import path

from coppice.library.practice_urls import practice_paths
from coppice.library.template_urls import template_paths
from coppice.library.views import adding, files, folders, items, sending, shelf

app_name = "library"
urlpatterns = [
    path("library/", shelf.mine, name="mine"),
    path("communities/<int:community_id>/library/", shelf.library, name="library"),
    path("communities/<int:community_id>/library.csv", shelf.list_file, name="list_file"),
    path("communities/<int:community_id>/library/thrown-away/", shelf.thrown_away, name="thrown_away"),
    path("communities/<int:community_id>/library/files/new/", adding.add_file, name="add_file"),
    path("communities/<int:community_id>/library/links/new/", adding.add_link, name="add_link"),
    path("communities/<int:community_id>/library/pages/new/", adding.add_page, name="add_page"),
    path("communities/<int:community_id>/library/uploads/", sending.begin, name="begin"),
    path("communities/<int:community_id>/library/folders/", folders.folders, name="folders"),
    path("communities/<int:community_id>/library/folders/planned/", folders.planned, name="planned"),
    path("library-folders/<int:folder_id>/", folders.folder, name="folder"),
    path("library-folders/<int:folder_id>/removal/", folders.folder_removal, name="folder_removal"),
    path("library-uploads/<str:upload_key>/", sending.piece, name="piece"),
    path("library-uploads/<str:upload_key>/removal/", sending.removal, name="upload_removal"),
    path("library/<int:item_id>/", items.item, name="item"),
    path("library/<int:item_id>/edit/", items.edit, name="edit"),
    path("library/<int:item_id>/contents/", items.contents, name="contents"),
    path("library/<int:item_id>/removal/", items.removal, name="removal"),
    path("library/<int:item_id>/return/", items.taking_back, name="taking_back"),
    path("library/<int:item_id>/versions/<int:number>/", items.version, name="version"),
    path("library/<int:item_id>/versions/<int:number>/restoration/", items.restoration, name="restoration"),
    path("files/<int:version_id>/", files.file, name="file"),
    path("files/<int:version_id>/open/", files.opened, name="opened"),
    path("files/<int:version_id>/picture/", files.picture, name="picture"),
    *template_paths,
    *practice_paths,
]
