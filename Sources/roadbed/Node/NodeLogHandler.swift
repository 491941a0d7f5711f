import LedgerJSON
import Logging
import Node
import Primitives

/// Formats a node's messages as lines for people, or as one JSON object per line for programs.
struct NodeLogHandler: LogHandler {
  let format: NodeSettings.LogFormat
  let writer: MessageWriter
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(format: NodeSettings.LogFormat, writer: MessageWriter) {
    self.format = format
    self.writer = writer
  }

  /// The writer for the messages of a node with these settings.
  static func writer(_ settings: NodeSettings) throws -> MessageWriter {
    try MessageWriter(path: settings.logFile) { [format = settings.logFormat] count in
      bytes(
        format, .warning, "\(count) messages were dropped here because nobody read them or they could not be written",
        ["code": "node.messages-dropped"])
    }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
    if let given = event.metadata { fields.merge(given) { _, new in new } }
    writer.put(Self.bytes(format, event.level, "\(event.message)", fields))
  }

  private static func bytes(
    _ format: NodeSettings.LogFormat, _ level: Logger.Level, _ message: String, _ fields: Logger.Metadata
  ) -> [UInt8] {
    let line =
      switch format {
      case .text: text(level, message, fields)
      case .json: json(level, message, fields)
      }
    return Array((line + "\n").utf8)
  }

  private static func text(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> String {
    var line = "\(SystemClock.now.iso8601) \(level.rawValue) \(message)"
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
    // Text from peers and clients must not be able to start a new line.
    return line.replacing("\n", with: " ")
  }

  private static func json(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> String {
    var members: [String: JSONValue] = [
      "time": .string(SystemClock.now.iso8601), "level": .string(level.rawValue), "message": .string(message),
    ]
    for (key, value) in fields where members[key] == nil { members[key] = .string("\(value)") }
    return String(decoding: JSONWriter.compact(.object(members)), as: UTF8.self)
  }
}
