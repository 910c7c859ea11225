"""The state of local AWS on disk: one file that is replaced as a whole shortly after changes.

state_file.py    the format: a header, the state, a digest
state_folder.py  the folder, and the names under which states are saved
references.py    what a state calls when it is loaded, besides classes
pickling.py      objects of moto and of this package as bytes, and back
contents.py      what is kept, and how it comes back
gate.py          keeps requests out while the state is read
keeper.py        when it is written
"""
