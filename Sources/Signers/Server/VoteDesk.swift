package import BlockLog
internal import Ledger
package import Primitives
package import Replica

/// Signs the votes of one node at a time, behind a guard on disk.
package final class VoteDesk<Storage: Disk>: SignerDesk {
  package let chain: ChainContext
  package var role: SignerRole { .node }
  private let store: any VoteKeyStore
  private let memory: SignerGuard<Storage>
  private let note: (SignerNote) -> Void
  /// The keys that can sign.
  private var keys: Set<PublicKey>
  private var current: PublicKey
  private var node: (client: Int, description: String)?
  private var hasDiskFailed = false

  /// - Parameter held: what `store` read.
  package init(
    _ store: any VoteKeyStore, _ held: HeldKeys, memory: SignerGuard<Storage>, chain: ChainContext,
    note: @escaping (SignerNote) -> Void
  ) {
    self.store = store
    self.memory = memory
    self.chain = chain
    self.note = note
    keys = Set(held.all)
    current = held.current
  }

  package func left(_ client: Int) {
    guard let node, node.client == client else { return }
    self.node = nil
    note(.nodeLeft(node.description))
  }

  package func answer(_ request: SignerRequest, from client: Int) -> SignerAnswer? {
    do throws(SignerRefusal) {
      if case .hello(let hello) = request { return .welcome(try welcome(hello, client)) }
      guard let node, node.client == client else { throw .malformed("a hello comes first") }
      return try answer(request)
    } catch {
      return .refused(error)
    }
  }

  private func welcome(_ hello: SignerHello, _ client: Int) throws(SignerRefusal) -> PublicKey {
    let objection = objection(to: hello) ?? node.map { .inUse(by: $0.description) }
    if let objection {
      note(.refused(hello.description, objection))
      throw objection
    }
    node = (client, hello.description)
    note(.nodeCame(hello.description))
    return current
  }

  private func answer(_ request: SignerRequest) throws(SignerRefusal) -> SignerAnswer? {
    switch request {
    case .hello, .transaction: throw .otherRole
    case .read: return try read()
    case .sign(let statement, let key): return .signature(try sign(statement, key))
    case .prove(let key, let validator):
      guard keys.contains(key) else { throw .unknownKey(key) }
      return .signature(try perform { () throws(KeyStoreFault) in try store.prove(key, for: validator).signature })
    case .generate:
      let key = try perform { () throws(KeyStoreFault) in try store.generate() }
      keys.insert(key)
      note(.newKey(key))
      return .key(key)
    case .complete(let key):
      try perform { () throws(KeyStoreFault) in try store.complete(key) }
      return .done
    case .succeed(let next): return try succeed(next)
    case .finalized(let round):
      memory.finalized(round)
      return nil
    case .ready:
      try guardDisk { () throws(SignerRefusal) in try memory.recover() }
      switch store.tend() {
      case .away(let reason): throw .keyAway(reason)
      case .back: note(.keyBack)
      case nil: break
      }
      return .done
    }
  }

  private func read() throws(SignerRefusal) -> SignerAnswer {
    let held = try perform { () throws(KeyStoreFault) in try store.read() }
    keys = Set(held.all)
    current = held.current
    return .keys(held, said: memory.statements.suffix(SignerLimits.saidStatements))
  }

  private func sign(_ statement: Statement, _ key: PublicKey) throws(SignerRefusal) -> Signature {
    guard keys.contains(key) else { throw .unknownKey(key) }
    try guardDisk { () throws(SignerRefusal) in try memory.admit(statement) }
    do throws(SigningRefusal) {
      return try store.sign(statement, with: key)
    } catch {
      guard case .away(let reason) = error else { throw .failed(error.explanation) }
      note(.keyAway(reason))
      throw .keyAway(reason)
    }
  }

  private func succeed(_ next: PublicKey) throws(SignerRefusal) -> SignerAnswer {
    let fault = try perform { () throws(KeyStoreFault) in try store.succeed(by: next) }
    keys = [next]
    current = next
    note(.keySucceeded(next))
    return fault.map { .undestroyed($0.explanation) } ?? .done
  }

  private func perform<Value>(_ body: () throws(KeyStoreFault) -> Value) throws(SignerRefusal) -> Value {
    do throws(KeyStoreFault) {
      return try body()
    } catch {
      if case .gone(let key) = error { throw .gone(key) }
      throw error.isPassing ? .keyAway(error.explanation) : .failed(error.explanation)
    }
  }

  /// Says once that the disk failed, and once that it works again.
  private func guardDisk(_ body: () throws(SignerRefusal) -> Void) throws(SignerRefusal) {
    do throws(SignerRefusal) {
      try body()
      if hasDiskFailed { note(.diskBack) }
      hasDiskFailed = false
    } catch {
      if case .disk(let reason) = error, !hasDiskFailed {
        hasDiskFailed = true
        note(.diskFailed(reason))
      }
      throw error
    }
  }
}
