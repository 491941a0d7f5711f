internal import Foundation
package import Ledger
package import Primitives

/// The file `nodes` in a node's directory: the nodes that the chain's directory last listed, so that a node whose log is
/// damaged knows whom to ask. A copy without authority: if it cannot be read, the nodes of genesis are asked.
struct KnownNodesFile: Sendable {
  private let path: String

  init(_ settings: NodeSettings) { path = settings.directory + "/nodes" }

  /// Nil if there is no usable file.
  func read() -> [DirectoryEntry]? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    let nodes = try? Reader.whole(Array(bytes)) { (reader) throws(CodecError) in
      var nodes: [DirectoryEntry] = []
      for _ in 0..<(try reader.count(limit: Limits.nodes, "nodes")) {
        nodes.append(try DirectoryEntry(from: &reader))
      }
      return nodes
    }
    // The chain keeps names and keys apart; a file that does not is not what this node wrote.
    guard let nodes, Set(nodes.map(\.name)).count == nodes.count,
      Set(nodes.flatMap(\.pins)).count == nodes.reduce(0, { $0 + $1.pins.count })
    else { return nil }
    return nodes
  }

  func write(_ nodes: [DirectoryEntry]) throws {
    var writer = Writer(capacity: 4096)
    writer.count(nodes.count)
    for node in nodes { node.encode(into: &writer) }
    try Data(writer.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

extension NodeSettings {
  /// Whether the directory listed this TLS key when the node last wrote down its nodes.
  package func isListed(_ pin: Digest) -> Bool {
    KnownNodesFile(self).read()?.contains { $0.pins.contains(pin) } ?? false
  }

  /// The number of nodes that may be linked when the node starts, as far as that is known before the log is read.
  package func expectedNodes(_ genesis: Genesis) -> Int {
    max(genesis.validators.count, KnownNodesFile(self).read()?.count ?? 0) + bootstrapPeers.count
  }
}
