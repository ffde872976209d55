"""Every reader of files that came from elsewhere, with a small whole file."""

from benchmarks.fuzz.readers import label_files
from benchmarks.fuzz.readers import own_files
from benchmarks.fuzz.readers import tool_formats
from benchmarks.fuzz.readers import video_files
from benchmarks.fuzz.readers import weight_files

# What slow readers get is little; a million inputs are to take minutes.
READERS = {
    **label_files.READERS,
    **tool_formats.READERS,
    **own_files.READERS,
    **weight_files.READERS,
    **video_files.READERS,
}
