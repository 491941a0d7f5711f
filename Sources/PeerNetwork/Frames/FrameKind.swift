/// Frame kinds that belong to the link itself. The kinds below `firstReserved` are the replica's.
///
/// A frame on the wire is a little-endian `UInt32` length and that many bytes, of which the first is the kind.
package enum FrameKind {
  package static let firstReserved: UInt8 = 0xF0
  /// The first frame in each direction, see `Hello`.
  static let hello: UInt8 = 0xF0
  /// Contains only its kind and shows that the sender is alive.
  static let keepAlive: UInt8 = 0xF1
  /// Bytes of the length before each frame.
  static let lengthBytes = 4
}
