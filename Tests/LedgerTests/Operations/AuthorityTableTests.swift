import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Who may do what: the table in the code, in the documents and in the execution of transactions.
@Testing.Suite("The table of authority")
struct AuthorityTableTests {
  /// An operation that the actor attempts, what must happen before, and who else must sign.
  private struct Attempt {
    var operation: Operation
    var preparation: [([Operation], [TestChain.Signer])] = []
    var others: [TestChain.Signer] = []
  }

  private let administrator: [TestChain.Signer] = [("admin-1", 101)]
  private let refusals: Set<OutcomeCode> = [.authorityMissing, .administratorsMissing, .roleMissing]

  /// A chain that one administrator governs, and on which `actor` has an account, the asset `own`, units of it and of `eur`,
  /// and no role but `role`.
  private func chain(_ role: Roles, _ key: PublicKey) throws -> TestChain {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([.parameterSet(.administratorThreshold, to: 1)], by: TestChain.admins)
    let all = MemberAuthority(roles: [.issuer, .participant], keys: [key], threshold: 1)
    try chain.prepare(
      [.memberAdd(name: TestChain.name("actor"), description: "", authority: all)], by: administrator)
    let own = [
      TestChain.open("actor/sub"), TestChain.define("own", by: "actor"), TestChain.issue("own", "actor", 100),
    ]
    #expect(try chain.run(own, by: [], keys: [("actor", key)]) == .applied)
    try chain.prepare([TestChain.transfer("eur", "bank-a", "actor", 100)], by: TestChain.bankA)
    try chain.prepare([TestChain.update("actor", role, [key])], by: administrator)
    return chain
  }

  /// An operation of the kind on something that is the actor's own, or on something that is not.
  private func attempt(_ kind: OperationKind, isOwn: Bool, _ chain: TestChain) throws -> Attempt {
    let (asset, account) = (isOwn ? "own" : "eur", isOwn ? "actor" : "bank-a")
    let keys = try TestChain.realKeys(2)
    let guest = TestChain.name("guest")
    let node = TestChain.node("node9", of: isOwn ? "actor" : "shop", pin: 9)
    switch kind {
    case .memberAdd:
      let authority = MemberAuthority(
        roles: isOwn ? [.participant, .auditor] : .registrar, keys: [keys[0]], threshold: 1)
      return Attempt(operation: .memberAdd(name: TestChain.name("new"), description: "", authority: authority))
    case .memberUpdate: return Attempt(operation: TestChain.update("guest", .notary, [keys[0]]))
    case .memberSuspend: return Attempt(operation: .memberSuspend(name: guest, reason: ""))
    case .memberRestore:
      return Attempt(
        operation: .memberRestore(name: guest),
        preparation: [([.memberSuspend(name: guest, reason: "")], administrator)])
    case .accountOpen: return Attempt(operation: TestChain.open(isOwn ? "actor/new" : "shop/new"))
    case .accountClose:
      return Attempt(operation: .accountClose(account: TestChain.account(isOwn ? "actor/sub" : "shop/till")))
    case .accountFreeze: return Attempt(operation: .accountFreeze(account: TestChain.account(account)))
    case .accountUnfreeze:
      let frozen = TestChain.account(account)
      return Attempt(
        operation: .accountUnfreeze(account: frozen), preparation: [([.accountFreeze(account: frozen)], administrator)])
    case .assetDefine: return Attempt(operation: TestChain.define("new", by: isOwn ? "actor" : "bank-a"))
    case .assetIssue: return Attempt(operation: TestChain.issue(asset, "actor", 1))
    case .assetRetire: return Attempt(operation: TestChain.retire(asset, "actor", 1))
    case .assetTransfer: return Attempt(operation: TestChain.transfer("eur", account, "shop", 1))
    case .assetCap: return Attempt(operation: .assetCap(asset: TestChain.name(asset), cap: Amount(5000)))
    case .assetHandOver:
      return Attempt(
        operation: .assetHandOver(asset: TestChain.name(asset), to: TestChain.name("bank-b")), others: TestChain.bankB)
    case .assetFreeze: return Attempt(operation: .assetFreeze(asset: TestChain.name(asset)))
    case .assetUnfreeze:
      let frozen = TestChain.name(asset)
      return Attempt(
        operation: .assetUnfreeze(asset: frozen), preparation: [([.assetFreeze(asset: frozen)], administrator)])
    case .holdPlace: return Attempt(operation: chain.place(account, "shop", 1, "r"))
    case .holdCapture, .holdRelease:
      let to = isOwn ? "actor" : "shop"
      let placed = [([chain.place("bank-a", to, 5, "r")], TestChain.bankA)]
      let release = TestChain.release("bank-a", to, "r")
      return Attempt(
        operation: kind == .holdCapture ? TestChain.capture("bank-a", to, 1, "r") : release, preparation: placed)
    case .recordAnchor: return Attempt(operation: TestChain.anchor(isOwn ? "actor" : "notary", "c", "k", 1))
    case .parameterSet: return Attempt(operation: .parameterSet(.validityMilliseconds, to: 60_000))
    case .directorySet: return Attempt(operation: node)
    case .directoryRemove:
      return Attempt(operation: TestChain.remove(node: "node9"), preparation: [([node], administrator)])
    case .validatorAdd, .validatorRemove, .validatorUpdate:
      // The digest of the configuration is that of the tip, so what comes before is executed now.
      try chain.prepare([node], by: administrator)
      if kind == .validatorAdd { return Attempt(operation: chain.add("node9", keys[0])) }
      try chain.prepare([chain.add("node9", keys[0])], by: administrator)
      return Attempt(
        operation: kind == .validatorRemove ? chain.remove("node9") : chain.update("node9", keys[1]))
    }
  }

  @Test(
    "M7: each cell says whether a member with just this role, and with what is its own or not, has the operation applied",
    arguments: AuthorityTable.roles)
  func cells(role: Roles) throws {
    let key = try TestChain.realKeys(1)[0]
    let chain = try chain(role, key)
    let (height, root) = (chain.state.tip.height, chain.state.tip.stateRoot)
    for kind in OperationKind.allCases {
      for isOwn in [true, false] {
        let attempt = try attempt(kind, isOwn: isOwn, chain)
        for (operations, signers) in attempt.preparation { try chain.prepare(operations, by: signers) }
        let code = try chain.run([attempt.operation], by: attempt.others, keys: [("actor", key)]).code
        let permits =
          switch AuthorityTable.permission(role, kind) {
          case .none: false
          case .own, .ordinary: isOwn
          case .all: true
          }
        let cell = "\(role.names) \(kind.name) own: \(isOwn): \(code.code)"
        #expect(permits ? code == .applied : refusals.contains(code), "\(cell)")
        while chain.state.tip.height > height { chain.revert() }
        #expect(chain.state.tip.stateRoot == root)
      }
    }
  }

  @Test("Several roles permit what each of them does: no kind of operation is refused because of a role")
  func union() throws {
    let key = try TestChain.realKeys(1)[0]
    let chain = try chain(.all, key)
    for kind in OperationKind.allCases {
      let height = chain.state.tip.height
      let attempt = try attempt(kind, isOwn: true, chain)
      for (operations, signers) in attempt.preparation { try chain.prepare(operations, by: signers) }
      let outcome = try chain.run([attempt.operation], by: attempt.others, keys: [("actor", key)])
      #expect(outcome == .applied, "\(kind.name)")
      while chain.state.tip.height > height { chain.revert() }
    }
  }

  @Test("Documentation/authority.md has the table as the code has it")
  func document() throws {
    let titles = AuthorityTable.roles.map { $0.names.first ?? "no role" }
    var lines = ["| Operation | \(titles.joined(separator: " | ")) |"]
    lines.append("|---|" + titles.map { _ in "---|" }.joined())
    for kind in OperationKind.allCases {
      let cells = AuthorityTable.roles.map { AuthorityTable.permission($0, kind).rawValue }
      lines.append("| `\(kind.name)` | \(cells.joined(separator: " | ")) |")
    }
    let table = lines.joined(separator: "\n")
    #expect(try FormatsDocumentTests.text("authority.md").contains(table), "the document needs this table:\n\(table)")
  }
}
