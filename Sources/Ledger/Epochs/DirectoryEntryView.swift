public import Primitives

/// A decoded directory entry, without the node's name, whose addresses are still in the buffer.
@frozen
public struct DirectoryEntryView: Hashable, Sendable, BitwiseCopyable {
  public let member: Name
  public let firstPin: Digest
  /// Above the first.
  public let secondPin: Digest?
  /// From 1 to `Limits.nodeAddresses`.
  let addressCount: Int
  private let first: ByteRange
  private let second: ByteRange?
  private let third: ByteRange?
  private let fourth: ByteRange?

  /// Reads the member, the number of pins as a byte, the pins, the number of addresses as a byte, the addresses.
  init(from reader: inout Reader) throws(CodecError) {
    member = try Name(from: &reader, "member")
    let pinCount = Int(try reader.byte())
    guard (1...Limits.nodePins).contains(pinCount) else { throw .invalid(field: "transport keys (one or two)") }
    firstPin = try reader.digest()
    secondPin = pinCount == 2 ? try reader.digest() : nil
    if let secondPin, firstPin >= secondPin { throw .notCanonical(field: "transport keys (must ascend)") }
    addressCount = Int(try reader.byte())
    guard (1...Limits.nodeAddresses).contains(addressCount) else { throw .invalid(field: "addresses (1 to 4)") }
    first = try NodeAddress.range(&reader)
    second = addressCount > 1 ? try NodeAddress.range(&reader) : nil
    third = addressCount > 2 ? try NodeAddress.range(&reader) : nil
    fourth = addressCount > 3 ? try NodeAddress.range(&reader) : nil
    for index in 1..<addressCount {
      for other in 0..<index where address(at: index).hasSameBytes(as: address(at: other), in: reader.span) {
        throw .invalid(field: "addresses (must differ)")
      }
    }
  }

  /// The position of address `index`, below `addressCount`, in the buffer from which this view was decoded.
  func address(at index: Int) -> ByteRange {
    let range: ByteRange? =
      switch index {
      case 0: first
      case 1: second
      case 2: third
      default: fourth
      }
    guard let range else { preconditionFailure("address \(index) of \(addressCount)") }
    return range
  }
}
