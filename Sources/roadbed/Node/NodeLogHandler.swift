import Foundation
import LedgerJSON
import Logging
import Node
import Primitives

/// A node's log on standard error: lines for people, or one JSON object a line for machines.
struct NodeLogHandler: LogHandler {
  let format: NodeSettings.LogFormat
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(format: NodeSettings.LogFormat) { self.format = format }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
    if let given = event.metadata { fields.merge(given) { _, new in new } }
    let line =
      switch format {
      case .text: text(event, fields)
      case .json: json(event, fields)
      }
    // One write a line: lines of several threads do not mix.
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  private func text(_ event: LogEvent, _ fields: Logger.Metadata) -> String {
    var line = "\(SystemClock.now.iso8601) \(event.level.rawValue) \(event.message)"
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
    // What peers and clients sent must not be able to begin a line.
    return line.replacing("\n", with: " ")
  }

  private func json(_ event: LogEvent, _ fields: Logger.Metadata) -> String {
    var members: [String: JSONValue] = [
      "time": .string(SystemClock.now.iso8601), "level": .string(event.level.rawValue),
      "message": .string("\(event.message)"),
    ]
    for (key, value) in fields where members[key] == nil { members[key] = .string("\(value)") }
    return String(decoding: JSONWriter.compact(.object(members)), as: UTF8.self)
  }
}
