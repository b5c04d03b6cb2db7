"""Every public record as plain JSON and back, and the JSON Schema of each.

`to_dict` writes, `from_dict` reads strictly, `schema` describes; all three follow from the fields of the
record, so that a new record or a new field needs nothing here. Values stand in JSON like this:

- an instant: ISO 8601 with offset, `2024-03-25T10:00:00+08:00`; a date: `2024-03-25`; a time zone: its IANA
  name or its offset;
- a span of time: a number of seconds, exact to the microsecond;
- a fraction: `"1/2"` or `"3"`; a limit inside a record: as a rule writes it, `"3个工作日"`, a share `"25%"`,
  and an object of its fields where the words would round it;
- an enumeration: its value; tuples and sets: lists; mappings and records: objects;
- an action: an object whose key `action` holds its name, `"act"` for a district's own; a condition of a
  flow likewise, under `condition`.
"""

from bubancheng.records.describing import schema
from bubancheng.records.listing import PUBLIC_RECORDS
from bubancheng.records.reading import from_dict
from bubancheng.records.writing import to_dict

__all__ = ["PUBLIC_RECORDS", "from_dict", "schema", "to_dict"]
