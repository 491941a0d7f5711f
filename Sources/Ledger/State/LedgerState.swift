internal import Cryptography
public import Primitives

/// What the chain says after its newest executed block: members, accounts, assets, balances, records, and the
/// transactions that cannot be applied again.
///
/// A pure machine: the same genesis and blocks give the same outcomes and roots everywhere. Blocks may be
/// executed ahead of finality and taken back; look-ups named `settled` see only what `settle` was told. Names are
/// looked up once and are dense slots from there on; the Merkle map is brought up to date once per block.
public struct LedgerState: ~Copyable, Sendable {

  public let chain: ChainContext
  public let parameters: ChainParameters
  /// The newest executed block.
  public internal(set) var tip: ChainPoint
  /// The newest block that cannot be taken back.
  public internal(set) var settled: ChainPoint
  /// What executing genesis gave. No vote signs it, the first header carries its digest.
  public internal(set) var genesisResult: BlockResult

  var members = VersionedTable<Member>()
  var accounts = VersionedTable<AccountRow>()
  var assets = VersionedTable<AssetRow>()
  var balances = VersionedTable<BalanceRow>()
  var collections = VersionedTable<CollectionRow>()
  var records = VersionedTable<RecordRow>()
  var recordVersions = VersionedTable<RecordVersionRow>()
  var identities = RememberedIdentities()

  var derived = DerivedIndexes()

  var map = MerkleMap()
  /// The parents of the blocks that are not settled, which the tables remember how to take back.
  var parents: [ChainPoint] = []
  var hash: HashFunction
  // Scratch of one block and of one transaction, kept for their buffers.
  var writer = Writer(capacity: 2048)
  var changes: [MerkleMap.Change] = []
  /// Entries that the block which was executed or taken back last changed in the map.
  package var lastChangeCount: Int { changes.count }
  var signers = Signers()
  var blockTime: Timestamp
  /// The settled block whose state is kept for a snapshot.
  package internal(set) var pinnedPoint: ChainPoint?

  /// The state after block 0. `genesis` was validated, as decoding it does, and is of the current version.
  public init(genesis: Genesis) {
    self.init(emptyFor: genesis)
    for member in genesis.members {
      admit(
        Member(
          name: member.name, description: member.description, authority: member.authority, suspension: nil))
    }
    collectChanges(.open)
    changes.append(parametersChange())
    map.update(changes, hash: &hash)
    noteLeaves()
    perform(.endSettledBlock)
    genesisResult.stateRoot = map.root
    tip = ChainPoint(
      height: .genesis, block: tip.block, result: genesisResult.digest(hash: &hash), timestamp: genesis.timestamp,
      stateRoot: map.root)
    settled = tip
  }

  /// A chain's state with nothing in it, for whoever fills it.
  init(emptyFor genesis: Genesis) {
    precondition(
      genesis.version == Genesis.currentVersion, "blocks of a chain of version \(genesis.version) cannot be executed")
    let chain = genesis.chain
    self.chain = chain
    parameters = ChainParameters(administratorThreshold: genesis.administratorThreshold)
    hash = HashFunction(genesis.suite)
    blockTime = genesis.timestamp
    let block = genesis.header.digest(chain, hash: &hash)
    genesisResult = BlockResult(
      height: .genesis, block: block, stateRoot: .zero, outcomeRoot: MerkleTree.root(of: [], hash: &hash))
    tip = ChainPoint(
      height: .genesis, block: block, result: .zero, timestamp: genesis.timestamp, stateRoot: .zero)
    settled = tip
  }
}
