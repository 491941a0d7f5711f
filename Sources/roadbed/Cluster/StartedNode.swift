import Foundation

/// A node that this process started.
struct StartedNode {
  let node: NodeProcess
  let pid: Int32
  let process: Process
  /// The offset in the log file at which this process's output begins.
  let logStart: UInt64

  var hasEnded: Bool { !process.isRunning }

  /// The last output of the process, to report why it exited.
  var lastWords: String {
    guard let handle = FileHandle(forReadingAtPath: node.logFile) else { return "" }
    try? handle.seek(toOffset: logStart)
    let text = String(decoding: (try? handle.read(upToCount: 1 << 20)) ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    // An error report is the last two lines.
    return lines.suffix(2).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "; ")
  }
}
