internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

/// What makes this process one node of the chain: its keys, and the locks on its folders, which last as long as this value.
/// Which validator the node is, if any, the chain says of its vote keys.
struct NodeIdentity: ~Copyable {
  let files: VoteKeyFiles
  let current: PrivateKey
  let next: PrivateKey?
  let transport: TransportIdentity
  let locks: NodeLocks

  /// Locks the folders and reads the keys.
  init(settings: NodeSettings, genesis: Genesis) throws {
    let locks = try NodeLocks(settings)
    let files = VoteKeyFiles(
      path: settings.voteKeyFile, suite: genesis.suite, passphrase: settings.votePassphrase?.bytes)
    let (current, next) = try files.read()
    transport = try TransportIdentity.read(
      certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
    self.locks = locks
    self.files = files
    self.current = current
    self.next = next
  }

  var held: HeldKeys { HeldKeys(current.publicKey, next: next?.publicKey) }
}
