import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// The files that `roadbed cluster new` created: the nodes' directories, the genesis file and members' keys.
struct ClusterFiles: Sendable {
  let directory: String
  let genesis: Genesis

  /// Creates the cluster's directory. Its loopback addresses are used if the nodes have no network of their own.
  static func make(in directory: String, nodes: Int, basePort: Int, roadbed: String) async throws -> ClusterFiles {
    try await Shell.succeed([
      roadbed, "cluster", "new", "--dir", directory, "--nodes", "\(nodes)", "--base-port", "\(basePort)", "--chain",
      "chaos",
    ])
    let path = genesisFile(in: directory)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return ClusterFiles(
      directory: directory, genesis: try GenesisDocument.parse([UInt8](bytes), document: path))
  }

  func node(_ number: Int) -> String { "\(directory)/node\(number)" }

  var genesisFile: String { ClusterFiles.genesisFile(in: directory) }

  private static func genesisFile(in directory: String) -> String { "\(directory)/genesis.json" }

  func keyFile(of member: String) -> String { "\(directory)/keys/\(member).pem" }

  func signer(_ member: String) throws -> Signer {
    guard let name = Name(member) else { throw ChaosError.setUp("\(member) is not a name") }
    return Signer(
      member: name, key: try KeyFile.read(keyFile(of: member), suite: genesis.suite))
  }
}
