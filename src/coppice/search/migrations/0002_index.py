"""The searched form of documents: what each kind of database has for it."""

from django.db import migrations

SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        title, words, keys, tokenize = "ascii tokenchars ':'", prefix = '4'
    )
    """,
    # However a document goes (by its own code, or with others in one statement), nothing of it is found.
    """
    CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN
        DELETE FROM search_index WHERE rowid = (OLD.moment << 28) + OLD.id;
    END
    """,
)
POSTGRES = (
    "ALTER TABLE search_document ADD COLUMN vector tsvector",
    "CREATE INDEX search_document_vector ON search_document USING gin (vector) WITH (fastupdate = off)",
)


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_document DROP COLUMN vector")
    else:
        schema_editor.execute("DROP TRIGGER search_document_gone")
        schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
