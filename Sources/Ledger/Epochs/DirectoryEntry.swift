public import Primitives

/// How a node is reached and recognised: a validator, or an observer if the configuration does not name it.
public struct DirectoryEntry: Hashable, Sendable {
  public var name: Name
  /// The member that runs the node.
  public var member: Name
  /// SHA-256 of the SubjectPublicKeyInfo of each of its TLS keys, whatever the suite; one, or two while it changes its
  /// key. Strictly ascending.
  public var pins: [Digest]
  /// Where its peers reach it: `host:port`, with an IPv6 address in brackets. From 1 to `Limits.nodeAddresses`, in the order
  /// in which they are tried.
  public var addresses: [String]

  /// Sorts the pins.
  public init(name: Name, member: Name, pins: [Digest], addresses: [String]) {
    self.name = name
    self.member = member
    self.pins = pins.sorted()
    self.addresses = addresses
  }

  /// Whether `text` is an address as the directory has them.
  public static func isAddress(_ text: String) -> Bool { NodeAddress.isValid(text) }

  /// Writes the value of the state's entry under the node's name: member, the number of pins as a byte, the pins, the number
  /// of addresses as a byte, the addresses.
  func encodeValue(into writer: inout Writer) {
    member.encode(into: &writer)
    writer.byte(UInt8(clamping: pins.count))
    for pin in pins { writer.digest(pin) }
    writer.byte(UInt8(clamping: addresses.count))
    for address in addresses { writer.text(address) }
  }

  /// Writes the name, and then what the state's entry has under it.
  package func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    encodeValue(into: &writer)
  }

  package init(from reader: inout Reader) throws(CodecError) {
    self = try DirectoryEntry(Name(from: &reader, "node"), valueFrom: &reader)
  }

  init(_ name: Name, valueFrom reader: inout Reader) throws(CodecError) {
    let view = try DirectoryEntryView(from: &reader)
    self.init(name, view, in: reader.span)
  }

  /// Creates the entry from its view and the buffer from which the view was decoded.
  init(_ name: Name, _ view: DirectoryEntryView, in buffer: RawSpan) {
    self.init(
      name: name, member: view.member, pins: [view.firstPin] + (view.secondPin.map { [$0] } ?? []),
      addresses: (0..<view.addressCount).map { view.address(at: $0).text(in: buffer) })
  }
}
