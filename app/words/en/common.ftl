## The frame around every page

frame-tasks = Tasks
frame-skip = Skip to the page
frame-map = Map
frame-split = Split
frame-plans = Plans
frame-import = Import
frame-people = Staff
frame-today = Today
frame-board = Board
frame-cases = Cases
frame-heat = Heat
frame-reports = Reports
frame-paper = Print
frame-offices = Offices
frame-registers = Ledgers
frame-duties = Duties
frame-station = Station
frame-indicators = Figures
frame-rights = Rights
frame-rules = Rules
frame-me = Me
frame-more = More
frame-theme = Theme
frame-close = Close
frame-undo = Undo

## When the server gives no answer

frame-network-gone = The server cannot be reached. Check the network; what you see stays, and the map goes on by itself when it is back.
frame-server-busy = The server is busy or restarting. Wait a moment and try again; nothing was changed.
frame-refused = The server did not do that. Reload the page and try again; if it happens again, tell your administrator.
frame-session-over = You were signed out after a time without use. Sign in again to go on where you are.
frame-sign-in-again = Sign in again
