"""The state of local AWS on disk: one file that is replaced as a whole shortly after changes.

state_file.py   the format: a header, the state, a digest
pickling.py     objects of moto and of this package as bytes, and back
contents.py     what is kept, and how it comes back
keeper.py       when it is written
state_folder.py the folder, and the names under which states are saved
"""
