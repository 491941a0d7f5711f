import Cryptography
import Foundation
import Ledger
import Node
import Primitives

/// The files in one node's directory under their default names.
struct NodeDirectory {
  let path: String

  var genesis: String { Paths.join(path, "genesis.json") }
  var settings: String { Paths.join(path, NodeSettings.fileName) }
  var log: String { Paths.join(path, "log") }
  var voteKey: String { Paths.join(path, "keys/vote.pem") }
  var transportKey: String { Paths.join(path, "keys/transport.pem") }
  var transportCertificate: String { Paths.join(path, "keys/transport.crt") }

  /// The public parts of a node's keys.
  struct Keys {
    var voteKey: PublicKey
    var transportKey: Digest
  }

  /// Creates the keys that are missing. `name` appears in the certificate, for people.
  func makeKeys(suite: Suite, name: Name, passphrase: [UInt8]? = nil) throws -> Keys {
    try Paths.makeDirectory(Paths.join(path, "keys"))
    let vote: PrivateKey
    if Paths.exists(voteKey) {
      vote = try KeyFile.read(voteKey, suite: suite, passphrase: passphrase)
    } else {
      vote = try PrivateKey.generate(suite)
      try KeyFile.write(vote, to: voteKey, passphrase: passphrase)
    }
    let transport: TransportIdentity
    if Paths.exists(transportKey) {
      transport = try TransportIdentity.read(certificate: transportCertificate, key: transportKey)
    } else {
      transport = try TransportIdentity.generate(name: "\(name)")
      try transport.write(certificate: transportCertificate, key: transportKey)
    }
    return Keys(voteKey: vote.publicKey, transportKey: transport.pin)
  }

  /// Writes the genesis file and, if there is none, node.yaml. Refuses a directory that has another genesis.
  func write(genesis bytes: [UInt8], settings values: [SettingsKey: String]) throws {
    try Paths.makeDirectory(path)
    if !Paths.exists(genesis) {
      try TextFile.write(bytes, to: genesis, isNew: true)
    }
    guard try GenesisFile.read(genesis).digest == GenesisFile.parse(bytes).digest else {
      throw CommandError(
        code: "node.other-genesis", explanation: "\(genesis) is not the given genesis file",
        nextStep: "use a separate directory for another chain's node, or give the genesis file that is already there")
    }
    if !Paths.exists(settings) {
      try TextFile.write(Array(NodeSettings.template(values).utf8), to: settings, isNew: true)
    }
  }
}
