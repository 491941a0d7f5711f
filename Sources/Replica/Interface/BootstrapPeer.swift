package import Ledger
package import Primitives

/// A node that this node's operator names, because nobody whom the chain's directory lists here may be reached any more: a
/// node that joins knows the directory of genesis at first. It is only fetched from, whatever it is in the chain.
package struct BootstrapPeer: Hashable, Sendable {
  /// How it is linked. Its name is made from its pin.
  package let node: DirectoryEntry

  /// - Parameter pin: that of its TLS key.
  /// - Parameter address: `host:port`. Nil if it is not.
  package init?(pin: Digest, address: String) {
    guard DirectoryEntry.isAddress(address), let name = Name("bootstrap-\("\(pin)".prefix(16))") else { return nil }
    node = DirectoryEntry(name: name, member: name, pins: [pin], addresses: [address])
  }

  package var pin: Digest { node.pins[0] }
}

extension BootstrapPeer: CustomStringConvertible {
  /// The pin, `@`, and the address.
  package var description: String { "\(pin)@\(node.addresses[0])" }
}

extension [DirectoryEntry] {
  /// These nodes, and those of the bootstrap peers that are none of them.
  package func with(_ bootstrap: [BootstrapPeer]) -> [DirectoryEntry] {
    guard !bootstrap.isEmpty else { return self }
    let names = Set(map(\.name))
    let pins = Set(flatMap(\.pins))
    return self + bootstrap.filter { !names.contains($0.node.name) && !pins.contains($0.pin) }.map(\.node)
  }
}
