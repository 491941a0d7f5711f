public import Ledger
internal import Primitives

extension LedgerClient {
  /// The file of a proof of what the state has under `key`, as the node returns it. It proves nothing until you verify
  /// it.
  public func proofFile(_ key: StateKey) async throws(ClientError) -> [UInt8] {
    try await send(Call(proving: key)).body()
  }

  /// Fetches the proof of what the state has under `key`, an entry or nothing, and verifies it with genesis: a quorum of
  /// the validators vouches for the returned value, so the node need not be trusted.
  ///
  /// The value is that of the returned height. Only a node that you trust knows that no later block changed it.
  public func proof(_ key: StateKey, genesis: Genesis) async throws(ClientError) -> VerifiedEntry {
    try ProofFile.verify(try await proofFile(key), document: "the proof of \(key)", key: key, genesis: genesis)
  }
}

extension Call {
  fileprivate init(proving key: StateKey) {
    switch key {
    case .parameters: self.init("proofs/parameters")
    case .member(let name): self.init("proofs/members/\(name)")
    case .account(let name): self.init("proofs/accounts/\(name)")
    case .asset(let name): self.init("proofs/assets/\(name)")
    case .assetTerms(let asset): self.init("proofs/asset-terms/\(asset)")
    case .balance(let account, let asset): self.init("proofs/balances/\(asset)/\(account)")
    case .collection(let name): self.init("proofs/collections/\(Call.encode(name.description))")
    case .record(let collection, let key): self.init("proofs/records/\(Call.record(collection, key))")
    case .remembered(let height, let group): self.init("proofs/remembered/\(height)/\(group)")
    case .configuration: self.init("proofs/configuration")
    case .node(let name): self.init("proofs/nodes/\(name)")
    case .keyChange(let validator): self.init("proofs/key-changes/\(validator)")
    case .hold(let payer, let reference):
      self.init("proofs/holds/\(Call.encode(reference.description))/\(payer)")
    }
  }

  /// The two components of a record's path.
  static func record(_ collection: CollectionName, _ key: String) -> String {
    "\(encode(collection.description))/\(encode(key))"
  }
}
