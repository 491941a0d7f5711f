internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica
internal import Signers
internal import Tokens

/// What makes this process one node of the chain: its keys, and the locks on its folders, which last as long as this value.
/// Which validator the node is, if any, the chain says of its vote keys.
struct NodeIdentity: ~Copyable {
  /// The same before the vote keys are known, which are perhaps a separate process's.
  struct Unread: ~Copyable {
    let store: any VoteKeyStore
    /// The vote keys, if they are in files or in a token.
    let held: HeldKeys?
    let transport: TransportIdentity
    let locks: NodeLocks

    /// Locks the folders and reads the keys that are in files.
    init(settings: NodeSettings, genesis: Genesis) throws {
      let locks = try NodeLocks(settings)
      let store: any VoteKeyStore
      var held: HeldKeys?
      if let socket = settings.signerSocket {
        store = RemoteVoteKeys(path: socket, chain: genesis.chain, description: "the node in \(settings.directory)")
      } else if settings.voteKeyFile.hasPrefix(TokenURI.scheme) {
        let token = try TokenVoteKeys(
          TokenURI(settings.voteKeyFile), chain: genesis.chain, pin: settings.votePassphrase?.bytes)
        held = try token.read()
        store = token
      } else {
        let files = VoteKeyFiles(
          path: settings.voteKeyFile, chain: genesis.chain, passphrase: settings.votePassphrase?.bytes)
        held = try files.read()
        store = files
      }
      let transport = try TransportIdentity.read(
        certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
      self.store = store
      self.transport = transport
      self.held = held
      self.locks = locks
    }
  }

  let store: any VoteKeyStore
  let held: HeldKeys
  let transport: TransportIdentity
  let locks: NodeLocks

  init(_ unread: consuming Unread, held: HeldKeys) {
    store = unread.store
    transport = unread.transport
    locks = unread.locks
    self.held = held
  }
}
