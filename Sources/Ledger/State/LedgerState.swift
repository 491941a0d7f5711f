internal import Cryptography
public import Primitives

/// The state of the chain after its newest executed block: members, accounts, assets, balances, holds, records, the
/// transactions that cannot be applied again, and who decides about the next block.
///
/// A pure state machine: the same genesis and blocks give the same outcomes and roots everywhere. Blocks may be
/// executed before they are final, and reverted; look-ups named `settled` see only blocks that `settle` covers. A
/// name is looked up once and represented by a dense slot from then on; the Merkle map is updated once per block.
public struct LedgerState: ~Copyable, Sendable {

  /// The versions of the rules that this program executes.
  public static let knownRules =
    UInt16(Genesis.executedVersions.lowerBound)...UInt16(Genesis.executedVersions.upperBound)

  public let chain: ChainContext
  /// The newest executed block.
  public internal(set) var tip: ChainPoint
  /// The newest block that can no longer be reverted.
  public internal(set) var settled: ChainPoint
  /// The result of genesis. No vote signs it; the header of block 1 contains its digest.
  public internal(set) var genesisResult: BlockResult

  var members = VersionedTable<Member>()
  var accounts = VersionedTable<AccountRow>()
  var assets = VersionedTable<AssetRow>()
  var balances = VersionedTable<BalanceRow>()
  var collections = VersionedTable<CollectionRow>()
  var records = VersionedTable<RecordRow>()
  var identities = RememberedIdentities()
  var parametersTable = VersionedTable<SoleRow<ChainParameters>>()
  var configurationTable = VersionedTable<SoleRow<ChainConfiguration>>()
  var directory = VersionedTable<NodeRow>()
  var keyChanges = VersionedTable<KeyChangeRow>()
  var holds = VersionedTable<HoldRow>()

  var derived = DerivedIndexes()

  var map = MerkleMap()
  /// The parents of the unsettled blocks, which the tables can still revert.
  var parents: [ChainPoint] = []
  var hash: HashFunction
  // Scratch space for one block and one transaction, kept to reuse the buffers.
  var writer = Writer(capacity: 2048)
  var changes: [MerkleMap.Change] = []
  /// The number of entries of the map that the last executed or reverted block changed.
  package var lastChangeCount: Int { changes.count }
  var signers = Signers()
  /// What registrars did in the block that is executed.
  var admissions = RegistrarAdmissions()
  /// The digest of the configuration that the transaction found; nil until one of its operations asks for it.
  var foundConfiguration: Digest?
  /// The digest of the present configuration; nil if it must be computed again.
  var configurationDigest: Digest?
  /// The configuration that the block found, which is that of its epoch.
  var epochConfiguration: ChainConfiguration
  /// The slots of the nodes that had each pin when the block began; nil until the block changes the directory.
  var foundPins: [Digest: UInt32]?
  var blockTime: Timestamp
  /// The number of a hold that the operation being applied places.
  var holdNumber = HoldNumber(height: .genesis, operation: 0)
  /// The number of settled blocks that changed the directory, as far as this process has seen them.
  package internal(set) var directoryEdition: UInt64 = 0
  /// The settled block whose state is kept for a snapshot; nil if there is none.
  package internal(set) var pinnedPoint: ChainPoint?

  /// Creates the state after block 0. `genesis` must be valid, which decoding ensures, and of an executed version.
  public init(genesis: Genesis) {
    self.init(emptyFor: genesis)
    for member in genesis.members {
      admit(
        Member(
          name: member.name, description: member.description, authority: member.authority, suspension: nil))
    }
    parametersTable.create(
      SoleRow(value: ChainParameters(administratorThreshold: genesis.administratorThreshold)))
    configurationTable.create(SoleRow(value: genesis.configuration))
    for node in genesis.directory { replaceNode(node.name, with: node) }
    collectChanges(.open)
    map.update(changes, hash: &hash)
    noteLeaves()
    perform(.endSettledBlock)
    genesisResult.stateRoot = map.root
    tip = ChainPoint(
      height: .genesis, block: tip.block, result: genesisResult.digest(hash: &hash), timestamp: genesis.timestamp,
      stateRoot: map.root, above: tip.above)
    settled = tip
  }

  /// Creates an empty state of a chain, to be filled by the caller.
  init(emptyFor genesis: Genesis) {
    precondition(
      Genesis.executedVersions.contains(genesis.version),
      "blocks of a chain of version \(genesis.version) cannot be executed")
    let chain = genesis.chain
    self.chain = chain
    hash = HashFunction(genesis.suite)
    blockTime = genesis.timestamp
    epochConfiguration = genesis.configuration
    let block = genesis.header.digest(chain, hash: &hash)
    let above = EpochReference(epoch: .first, configuration: genesis.configuration.digest(hash: &hash))
    genesisResult = BlockResult(
      height: .genesis, block: block, stateRoot: .zero, outcomeRoot: MerkleTree.root(of: [], hash: &hash), above: above)
    tip = ChainPoint(
      height: .genesis, block: block, result: .zero, timestamp: genesis.timestamp, stateRoot: .zero, above: above)
    settled = tip
  }

  /// The settings of the chain as of the tip.
  public var parameters: ChainParameters { parametersTable[0].value }

  /// The configuration of the epoch of the next block.
  public var configuration: ChainConfiguration { configurationTable[0].value }
}
