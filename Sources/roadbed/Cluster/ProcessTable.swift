import Foundation

/// Asks the system about processes.
enum ProcessTable {
  /// Whether a process has a file open. Works only where the system lists open files in /proc.
  static func hasOpen(_ file: FileIdentity, _ pid: Int32) -> Bool {
    let folder = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { FileIdentity(of: "\(folder)/\($0)") == file }
  }

  /// Turns a path that another process was given into one that this process can use: a relative path is resolved
  /// against the other process's working directory.
  static func path(_ path: String, of pid: Int32) -> String {
    Paths.isDirectory("/proc/self") ? Paths.join("/proc/\(pid)/cwd", path) : path
  }

  /// Whether the process is suspended by a signal.
  static func isSuspended(_ pid: Int32) -> Bool { state(of: pid).map { "Tt".contains($0) } ?? false }

  /// The letter that stands for a process's state in /proc.
  private static func state(of pid: Int32) -> Character? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
    // The state follows the name, which is in parentheses.
    return stat.split(separator: ")").last?.dropFirst().first
  }

  /// Whether the last thread of a process is gone. A killed process has no arguments left, although one of its threads
  /// may still be waiting for the disk.
  static func hasEnded(_ pid: Int32) -> Bool {
    guard let state = state(of: pid) else { return Paths.isDirectory("/proc/self") || kill(pid, 0) != 0 }
    guard state == "Z" else { return false }
    return (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count) ?? 0 <= 1
  }

  /// The arguments with which a process was started, or nil if it does not exist or has ended.
  static func arguments(of pid: Int32) -> [String]? {
    if Paths.isDirectory("/proc/self") {
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), !bytes.isEmpty else { return nil }
      return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    // Without /proc there is one line of text, in which an argument with a space looks like two.
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/ps")
    process.arguments = ["-o", "args=", "-p", "\(pid)"]
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let arguments = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return arguments.isEmpty ? nil : arguments
  }
}
