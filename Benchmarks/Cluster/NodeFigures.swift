import Foundation

/// What the system reports about a node's process. Linux only: reads /proc.
struct NodeFigures {
  private let pid: String

  init(pidFile: String) {
    let text = (try? String(contentsOfFile: pidFile, encoding: .utf8)) ?? ""
    pid = String(text.prefix { $0.isNumber })
  }

  private func read(_ file: String) -> String {
    (try? String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)) ?? ""
  }

  /// User and system time used so far, in seconds.
  var processorSeconds: Double {
    // The name in parentheses may contain spaces; the fields after it do not.
    let fields = read("stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  var residentMegabytes: Int {
    let fields = read("statm").split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
    return (pages * Int(sysconf(Int32(_SC_PAGESIZE)))) >> 20
  }

  /// Bytes that the process caused to be written to disks.
  var writtenBytes: Int {
    let line = read("io").split(separator: "\n").first { $0.hasPrefix("write_bytes:") }
    return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
  }
}
