internal import Primitives

/// Where a setting was given.
package enum SettingPlace: Hashable, Sendable, CustomStringConvertible {
  case commandLine
  case environment(variable: String)
  case file(path: String, line: Int)
  case builtIn

  package var description: String {
    switch self {
    case .commandLine: "on the command line"
    case .environment(let variable): "in the environment variable \(variable)"
    case .file(let path, let line): "in line \(line) of \(path)"
    case .builtIn: "by default"
    }
  }
}
