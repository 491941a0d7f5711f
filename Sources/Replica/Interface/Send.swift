package import Primitives

/// A frame that may be sent once the log is durable up to `after`.
package struct Send: Equatable, Sendable {
  package var to: Audience
  package var frame: [UInt8]
  package var after: LogPosition
}
