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

  /// Writes the value of the state's entry under the node's name: member, the number of pins as a byte, the pins, the number
  /// of addresses as a byte, the addresses.
  func encodeValue(into writer: inout Writer) {
    member.encode(into: &writer)
    writer.byte(UInt8(clamping: pins.count))
    for pin in pins { writer.digest(pin) }
    writer.byte(UInt8(clamping: addresses.count))
    for address in addresses { writer.text(address) }
  }

  init(_ name: Name, valueFrom reader: inout Reader) throws(CodecError) {
    self.name = name
    member = try Name(from: &reader, "member")
    pins = []
    let pinCount = try reader.byte()
    guard (1...2).contains(pinCount) else { throw .invalid(field: "transport keys (one or two)") }
    for _ in 0..<pinCount {
      let pin = try reader.digest()
      if let last = pins.last, last >= pin { throw .notCanonical(field: "transport keys (must ascend)") }
      pins.append(pin)
    }
    addresses = []
    let addressCount = try reader.byte()
    guard (1...UInt8(Limits.nodeAddresses)).contains(addressCount) else { throw .invalid(field: "addresses (1 to 4)") }
    for _ in 0..<addressCount {
      let address = try NodeAddress.text(&reader)
      guard !addresses.contains(address) else { throw .invalid(field: "addresses (must differ)") }
      addresses.append(address)
    }
  }
}

extension DirectoryEntry: StateRow {
  var key: Name { name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .node(self) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}
