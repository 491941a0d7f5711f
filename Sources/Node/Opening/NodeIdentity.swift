internal import Cryptography
internal import Ledger
internal import Primitives

/// What makes this process the node of one validator: the keys, the validator's place in genesis, and the locks on its
/// folders, which last as long as this value.
struct NodeIdentity: ~Copyable {
  let key: PrivateKey
  let own: ValidatorIndex
  let transport: TransportIdentity
  let locks: NodeLocks

  /// Locks the folders, reads the keys and checks them against genesis.
  init(settings: NodeSettings, genesis: Genesis) throws {
    let locks = try NodeLocks(settings)
    let key = try KeyFile.read(settings.voteKeyFile, suite: genesis.suite, passphrase: settings.votePassphrase?.bytes)
    guard let place = genesis.validators.firstIndex(where: { $0.voteKey == key.publicKey }) else {
      throw NodeError.notAValidator(publicKey: key.publicKey, genesis: settings.genesisFile)
    }
    let transport = try TransportIdentity.read(
      certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
    guard transport.pin == genesis.validators[place].transportKey else {
      throw NodeError.wrongTransportKey(own: transport.pin, listed: genesis.validators[place].transportKey)
    }
    self.key = key
    own = ValidatorIndex(UInt16(place))
    self.transport = transport
    self.locks = locks
  }
}
