internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The administrators change directory and validators, as wisely as people with the pre-flight checks of the commands: no set
// has more than f members that are traitors, or must listen before they vote.
extension SimulatedCluster {
  /// The validators of the newest epoch.
  var newestSet: SeatedSet { sets[sets.count - 1] }

  /// The validators of an epoch; nil if it has not begun at any node.
  func set(of epoch: Epoch) -> SeatedSet? { epoch.rawValue < UInt64(sets.count) ? sets[Int(epoch.rawValue)] : nil }

  /// The validators now, and those of each change that may still come.
  var candidates: [[ConfiguredValidator]] { [chain.model.configuration.validators] + openChanges.map(\.validators) }

  /// How many validators of a set are traitors, or have lost what they signed.
  func impaired(in validators: [ConfiguredValidator]) -> Int {
    validators.count { validator in
      let halves = nodes.filter { $0.name == "\(validator.name)" }
      return halves.contains {
        !$0.isHonest || $0.mayListen || $0.openBar != nil
          || options.setPause != nil && !$0.trustedKeys.contains(validator.voteKey)
      }
    }
  }

  private func isWise(_ validators: [ConfiguredValidator]) -> Bool {
    validators.count >= options.fewestValidators
      && impaired(in: validators) <= Quorum(validators: validators.count).faults
  }

  /// Takes the administrators' next action.
  func administer() {
    guard areClientsActive, let pause = options.setPause else { return }
    queue.push(.operators, at: later(UInt64.random(in: pause, using: &operatorGenerator)))
    openChanges.removeAll { chain.contains($0.id) }
    let running = nodes.filter { $0.run != nil && !$0.isPaused && isListed($0.seat) }
    guard let node = running.randomElement(using: &operatorGenerator) else { return }
    let unlisted = population.seats.filter { !isListed($0) }
    if let seat = unlisted.randomElement(using: &operatorGenerator) {
      return ask([listing(seat)], by: Population.administrator, at: node)
    }
    switch Int.random(in: 0..<10, using: &operatorGenerator) {
    case 0:
      if let seat = population.seats.randomElement(using: &operatorGenerator) {
        ask([listing(seat)], by: Population.administrator, at: node)
      }
    case 1:
      if let seat = newestSet.seats.randomElement(using: &operatorGenerator), let update = update(seat) {
        ask([update], by: Population.member(ofSeat: seat), at: node)
      }
    case 2:
      // Refused if it is a validator's. Whoever is not listed comes back with the next action.
      if let seat = population.seats.randomElement(using: &operatorGenerator) {
        ask([.directoryRemove(name: Population.nodeName(seat))], by: Population.administrator, at: node)
      }
    default: ask(changes(), by: Population.administrator, at: node)
    }
  }

  private func ask(_ operations: [Operation], by member: Name, at node: SimulatedNode) {
    guard !operations.isEmpty else { return }
    let request = workload.change(operations, by: [member], at: clientTime, chain.model)
    guard let id = request.id,
      let transaction = try? SignedTransaction(bytes: request.bytes, chain: population.chain, hash: &forgeHash)
    else {
      preconditionFailure("the administrators made a malformed transaction")
    }
    var model = chain.model
    model.beginBlock(at: clientTime)
    if model.apply(transaction).code == .applied, model.configuration != chain.model.configuration {
      guard isWise(model.configuration.validators) else { return count("unwise changes") }
      openChanges.append(OpenChange(id: id, validators: model.configuration.validators))
    }
    submit(request, to: node)
  }

  // MARK: Operations

  /// Tells how the node is reached and recognised, sometimes by two keys.
  func listing(_ seat: Int) -> Operation {
    let edition = UInt64.random(in: 1...5, using: &operatorGenerator)
    return .directorySet(
      name: Population.nodeName(seat), member: Population.member(ofSeat: seat),
      pins: Set([1, edition].map { Population.pin(ofSeat: seat, $0) }).sorted(),
      addresses: [Population.address(ofSeat: seat)])
  }

  /// One to three changes in one transaction, or sometimes one of all validators, which may cancel out.
  private func changes() -> [Operation] {
    let outsiders = population.seats.filter { newestSet.index(of: $0) == nil }
    let configuration = namedConfiguration
    switch Int.random(in: 0..<12, using: &operatorGenerator) {
    case 0:
      // The others in the place of all.
      let new = outsiders.compactMap(add)
      return new.isEmpty ? [] : new + newestSet.seats.map { remove($0, configuration) }
    case 1:
      guard let seat = outsiders.randomElement(using: &operatorGenerator), let add = add(seat) else { return [] }
      return [add, remove(seat, configuration)]
    default: break
    }
    var seats = Array(population.seats)
    seats.shuffle(using: &operatorGenerator)
    return seats.prefix(Int.random(in: 1...3, using: &operatorGenerator)).compactMap { seat in
      if outsiders.contains(seat) { return add(seat) }
      return Bool.random(using: &operatorGenerator) ? update(seat) : remove(seat, configuration)
    }
  }

  private func remove(_ seat: Int, _ configuration: Digest) -> Operation {
    .validatorRemove(name: Population.nodeName(seat), configuration: configuration)
  }

  private func add(_ seat: Int) -> Operation? {
    offer(seat).map { .validatorAdd($0, configuration: namedConfiguration) }
  }

  private func update(_ seat: Int) -> Operation? {
    offer(seat).map { .validatorUpdate($0, configuration: namedConfiguration) }
  }

  /// The configuration that a change is prepared for, sometimes one that has changed since.
  private var namedConfiguration: Digest {
    Int.random(in: 0..<16, using: &operatorGenerator) == 0 ? .zero : chain.model.configurationDigest
  }

  /// The key that the chain can name for a node, with its proof: the present key, or the next if the present one is in use. Nil
  /// if there is none, if the node is down, so that nobody can ask it, or for twins, which have one key each to come.
  func offer(_ seat: Int) -> KeyProof? {
    let halves = nodes.filter { $0.seat == seat }
    guard halves.count == 1, let node = halves.first, node.run != nil else { return nil }
    let name = Population.nodeName(seat)
    // A node has one next key, so it offers one key until the change with it came or failed.
    let before = openChanges.lazy.compactMap { change in
      change.validators.first { $0.name == name && !self.isUsed($0.voteKey) }?.voteKey
    }.first
    // A node offers the present key, with which it may have to listen; careful people make it change that before.
    let isCareful = Bool.random(using: &operatorGenerator)
    // The present key is destroyed soon if the chain names the next.
    if let next = node.keys.next, isUsed(next) { return nil }
    let free = node.keys.all.filter { !isUsed($0) && $0 != node.run?.keys.life.voting }
    let key = before ?? (isCareful ? free.first { node.trustedKeys.contains($0) } : nil) ?? free.first
    guard let key, node.keys.all.contains(key) else { return nil }
    guard let signature = ring.sign(KeyProof.signedBytes(validator: name, key: key, chain: population.chain), with: key)
    else { preconditionFailure("the key ring has no key of node \(node.number)") }
    return KeyProof(validator: name, key: key, signature: signature)
  }

  private func isUsed(_ key: PublicKey) -> Bool {
    chain.model.configuration.validators.contains { $0.voteKey == key }
  }
}
