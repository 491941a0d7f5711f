package import Primitives

/// A record to write in place of a lost one.
package struct ReplacementRecord: Hashable, Sendable {
  package var kind: UInt8
  package var height: Height
  package var payload: [UInt8]

  package init(kind: UInt8, height: Height, payload: [UInt8]) {
    self.kind = kind
    self.height = height
    self.payload = payload
  }
}
