internal import CPKCS11
internal import Cryptography
public import Primitives

extension Token {
  /// What every key signs before it is used. It begins with none of the tags of `Domain`, so it can be taken for nothing else.
  private static let trial = Array("a trial of the key by roadbed".utf8)

  /// The key that the URI names.
  /// - Parameter suite: what the key must be of; nil for any.
  public func key(_ suite: Suite? = nil) throws(TokenError) -> TokenKey {
    guard uri.object != nil || uri.id != nil else { throw .noObject }
    return try key(suite, at: TokenKeyPlace(label: uri.object, id: uri.id))
  }

  /// The key with this label, whichever key the URI names.
  public func key(_ suite: Suite, labelled label: String) throws(TokenError) -> TokenKey {
    try key(suite, at: TokenKeyPlace(label: label))
  }

  private func key(_ suite: Suite?, at place: TokenKeyPlace) throws(TokenError) -> TokenKey {
    let found = try use { (calls, session) throws(TokenError) in
      if let suite { try check(suite, calls, session) }
      let found = try find(place, calls, session)
      guard suite == nil || suite == found.suite else {
        throw .keySuite(wanted: place.name, expected: suite, found: found.suite)
      }
      try check(found.suite, calls, session)
      try tryOut(found, calls, &session)
      return found
    }
    return TokenKey(self, found)
  }

  /// Generates a key that the token never gives away.
  public func generate(_ suite: Suite, label: String) throws(TokenError) -> TokenKey {
    guard (1...TokenLimits.nameBytes).contains(label.utf8.count) else {
      throw .uri(.length("object", count: label.utf8.count, limit: TokenLimits.nameBytes))
    }
    let place = TokenKeyPlace(label: label, id: Self.newIdentifier())
    let found = try use { (calls, session) throws(TokenError) in
      let algorithm = try check(suite, calls, session)
      try refuseTaken(label, calls, session)
      try calls.generate(
        algorithm.generation, public: publicAttributes(place, algorithm), private: privateAttributes(place),
        session.handle)
      do throws(TokenError) {
        let found = try find(place, calls, session)
        try tryOut(found, calls, &session)
        return found
      } catch {
        // A key that cannot be used would only be in the way.
        for objects in [CKO_PRIVATE_KEY, CKO_PUBLIC_KEY] {
          for object in (try? calls.find(place.attributes(of: objects), session.handle)) ?? [] {
            try? calls.destroy(object, session.handle)
          }
        }
        throw error
      }
    }
    return TokenKey(self, found)
  }

  private func publicAttributes(_ place: TokenKeyPlace, _ algorithm: TokenAlgorithm) -> TokenAttributes {
    var attributes = place.attributes(of: CKO_PUBLIC_KEY)
    attributes.add(CKA_KEY_TYPE, number: algorithm.keyType)
    attributes.add(CKA_EC_PARAMS, algorithm.parameters[0])
    attributes.add(CKA_TOKEN, true)
    attributes.add(CKA_PRIVATE, false)
    attributes.add(CKA_VERIFY, true)
    return attributes
  }

  private func privateAttributes(_ place: TokenKeyPlace) -> TokenAttributes {
    var attributes = place.attributes(of: CKO_PRIVATE_KEY)
    attributes.add(CKA_TOKEN, true)
    attributes.add(CKA_PRIVATE, true)
    attributes.add(CKA_SENSITIVE, true)
    attributes.add(CKA_EXTRACTABLE, false)
    attributes.add(CKA_SIGN, true)
    // Who can use it for another purpose might get a signature by a detour.
    attributes.add(CKA_DECRYPT, false)
    attributes.add(CKA_DERIVE, false)
    return attributes
  }

  private func refuseTaken(
    _ label: String, besides own: CK_OBJECT_HANDLE? = nil, _ calls: TokenCalls, _ session: TokenSession
  ) throws(TokenError) {
    let others = TokenKeyPlace(label: label).attributes(of: CKO_PRIVATE_KEY)
    guard try calls.find(others, session.handle).allSatisfy({ $0 == own }) else { throw .objectExists(label, identity) }
  }

  func sign(
    _ message: [UInt8], _ place: TokenKeyPlace, _ key: PublicKey, _ suite: Suite
  ) throws(TokenError) -> Signature {
    try use { (calls, session) throws(TokenError) in
      if session.keys[key] == nil { try tryOut(try find(place, key, calls, session), calls, &session) }
      guard let handle = session.keys[key] else { throw .firstSignature(wanted: place.name, identity) }
      return try sign(message, suite, handle, calls, session)
    }
  }

  /// Gives both halves another label. Returns where the key is then.
  func relabel(_ place: TokenKeyPlace, _ key: PublicKey, to label: String) throws(TokenError) -> TokenKeyPlace {
    guard (1...TokenLimits.nameBytes).contains(label.utf8.count) else {
      throw .uri(.length("object", count: label.utf8.count, limit: TokenLimits.nameBytes))
    }
    return try use { (calls, session) throws(TokenError) in
      // By the identifier, if it has one: what was interrupted may have given one half the label already.
      let found = try find(place.id == nil ? place : TokenKeyPlace(id: place.id), key, calls, session)
      try refuseTaken(label, besides: found.handle, calls, session)
      let id = found.place.id ?? Self.newIdentifier()
      if found.place.id == nil {
        // Only an identifier keeps the halves together while the label changes. The private one has it last, because the
        // public one is looked for by what the private one has.
        var attributes = TokenAttributes()
        attributes.add(CKA_ID, id)
        for half in found.publicHandles + [found.handle] { try calls.set(attributes, of: half, session.handle) }
      }
      var attributes = TokenAttributes()
      attributes.add(CKA_LABEL, label)
      for half in [found.handle] + found.publicHandles { try calls.set(attributes, of: half, session.handle) }
      return TokenKeyPlace(label: label, id: id)
    }
  }

  private static func newIdentifier() -> [UInt8] { withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } }

  func destroy(_ place: TokenKeyPlace, _ key: PublicKey) throws(TokenError) {
    try use { (calls, session) throws(TokenError) in
      let found = try find(place, key, calls, session)
      session.keys[key] = nil
      // The secret first: a public key alone does no harm.
      try calls.destroy(found.handle, session.handle)
      for half in found.publicHandles { try calls.destroy(half, session.handle) }
    }
  }

  /// Throws unless the token can sign for the suite.
  @discardableResult
  private func check(
    _ suite: Suite, _ calls: TokenCalls, _ session: TokenSession
  ) throws(TokenError) -> TokenAlgorithm {
    let mechanisms = try calls.mechanisms(of: session.slot)
    guard let algorithm = TokenAlgorithm(suite), mechanisms.contains(algorithm.signing) else {
      throw .suite(suite, identity, offered: TokenAlgorithm.offered(mechanisms))
    }
    return algorithm
  }

  /// The key at its place, which must be the one that was there before.
  private func find(
    _ place: TokenKeyPlace, _ key: PublicKey, _ calls: TokenCalls, _ session: TokenSession
  ) throws(TokenError) -> FoundKey {
    let found = try find(place, calls, session)
    guard found.publicKey == key else {
      throw .keyChanged(wanted: place.name, expected: key, found: found.publicKey)
    }
    return found
  }

  private func find(
    _ place: TokenKeyPlace, _ calls: TokenCalls, _ session: TokenSession
  ) throws(TokenError) -> FoundKey {
    let handles = try calls.find(place.attributes(of: CKO_PRIVATE_KEY), session.handle)
    guard let handle = handles.first else {
      throw .objectMissing(wanted: place.name, identity, present: try labels(calls, session))
    }
    guard handles.count == 1 else { throw .objectAmbiguous(wanted: place.name, identity, count: handles.count) }
    func value(_ type: UInt, of object: CK_OBJECT_HANDLE) throws(TokenError) -> [UInt8]? {
      try calls.value(type, of: object, session.handle)
    }
    let (type, parameters) = (try value(CKA_KEY_TYPE, of: handle), try value(CKA_EC_PARAMS, of: handle))
    guard let suite = TokenAlgorithm.suite(keyType: type, parameters: parameters), let algorithm = TokenAlgorithm(suite)
    else { throw .keySuite(wanted: place.name, expected: nil, found: nil) }
    guard try value(CKA_SIGN, of: handle) == [1] else { throw .keyUse(wanted: place.name, .notForSigning) }
    let asksEachTime = try value(CKA_ALWAYS_AUTHENTICATE, of: handle)
    guard asksEachTime == nil || asksEachTime == [0] else {
      throw .keyUse(wanted: place.name, .pinForEachSignature)
    }

    // The standard pairs the halves by their identifier.
    let id = try value(CKA_ID, of: handle) ?? []
    let label = try value(CKA_LABEL, of: handle).flatMap { String(validating: $0, as: UTF8.self) }
    let half = TokenKeyPlace(label: id.isEmpty ? label ?? "" : nil, id: id.isEmpty ? nil : id)
    let halves = try calls.find(half.attributes(of: CKO_PUBLIC_KEY), session.handle)
    guard halves.count == 1, let point = try value(CKA_EC_POINT, of: halves[0]),
      let publicKey = algorithm.publicKey(point), (try? publicKey.check(suite)) != nil
    else { throw .publicKeyMissing(wanted: place.name, identity) }
    let (extractable, sensitive) = (try value(CKA_EXTRACTABLE, of: handle), try value(CKA_SENSITIVE, of: handle))
    return FoundKey(
      handle: handle, publicHandles: halves,
      place: TokenKeyPlace(label: label.flatMap { $0.isEmpty ? nil : $0 }, id: id.isEmpty ? nil : id), suite: suite,
      publicKey: publicKey, isExtractable: extractable != [0] || sensitive != [1])
  }

  private func labels(_ calls: TokenCalls, _ session: TokenSession) throws(TokenError) -> [String] {
    var labels: [String] = []
    for object in try calls.find(TokenKeyPlace().attributes(of: CKO_PRIVATE_KEY), session.handle) {
      labels.append(
        String(decoding: try calls.value(CKA_LABEL, of: object, session.handle) ?? [], as: UTF8.self).quoted)
    }
    return labels.sorted()
  }

  /// Lets the key sign once before anything depends on it, and remembers that it did.
  private func tryOut(
    _ found: FoundKey, _ calls: TokenCalls, _ session: inout TokenSession
  ) throws(TokenError) {
    let signature = try sign(Self.trial, found.suite, found.handle, calls, session)
    var verifier = SignatureVerifier(found.suite)
    guard verifier.verify(signature, of: Self.trial, by: found.publicKey) else {
      throw .firstSignature(wanted: found.place.name, identity)
    }
    session.keys[found.publicKey] = found.handle
  }

  private func sign(
    _ message: [UInt8], _ suite: Suite, _ key: CK_OBJECT_HANDLE, _ calls: TokenCalls, _ session: TokenSession
  ) throws(TokenError) -> Signature {
    guard let algorithm = TokenAlgorithm(suite) else { throw .suite(suite, identity, offered: []) }
    guard suite == .p256SHA256 else {
      return try calls.sign(message, algorithm.signing, with: key, session.handle)
    }
    var hash = HashFunction(suite)
    let signature = CurveOrder.lowered(
      try calls.sign(hash.hash(message).bytes, algorithm.signing, with: key, session.handle))
    guard CurveOrder.isCanonical(signature, suite) else {
      throw .answer(function: "C_Sign", fault: "numbers that are not of a signature of \(suite.name)")
    }
    return signature
  }
}
