import Foundation

// DeadCode INDEX ROOT MODULES ALLOWED…: prints the dead declarations of these modules, one per line, or nothing if
// there are none. Scripts/check-dead-code builds and runs it.

let arguments = CommandLine.arguments
let index = try Index(path: arguments[1], root: arguments[2])
if !index.outdated.isEmpty {
  print("changed since the last build: \(index.outdated.sorted().joined(separator: ", "))")
  exit(2)
}
let dead = Usage(index, modules: Set(arguments[3].split(separator: " ").map(String.init))).dead()
let allowed = Set(arguments.dropFirst(4))
for (name, place) in dead where !allowed.contains(name) { print("\(place): \(name)") }
for name in allowed.subtracting(dead.map(\.name)).sorted() {
  print("\(name): used, or gone: strike it from the exceptions")
}
