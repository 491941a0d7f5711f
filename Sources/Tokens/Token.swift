internal import CPKCS11
internal import Cryptography
internal import Primitives
internal import Synchronization

/// An open PKCS #11 token: a device, or a program like one, that keeps private keys and signs with them. Threads may share
/// it; it does one thing at a time.
///
/// A session that is lost is opened again at the next use: once at each use, and the module is restarted at most once a
/// second. A PIN that was refused is never tried again, because tokens lock themselves.
public final class Token: Sendable {
  public let uri: TokenURI
  public let identity: TokenIdentity
  private let module: TokenModule
  private let pin: TokenPIN?
  private let isWritable: Bool
  private let standing: Mutex<Standing>

  private enum Standing: Sendable {
    case closed
    case open(TokenSession)
    /// The PIN was refused.
    case refused(TokenError)
  }

  /// Opens the token that `uri` names, and logs in.
  /// - Parameters:
  ///   - pin: used if the URI names no file with the PIN.
  ///   - isWritable: whether keys will be created, renamed or destroyed.
  public init(_ uri: TokenURI, pin: [UInt8]? = nil, isWritable: Bool = false) throws(TokenError) {
    self.uri = uri
    self.isWritable = isWritable
    self.pin =
      if let file = uri.pinFile {
        try TokenPIN(file: file)
      } else if let pin {
        try TokenPIN(pin)
      } else {
        nil
      }
    module = try TokenModule.open(uri.modulePath)
    let (module, pin) = (module, self.pin)
    let (session, identity) = try module.use { (calls) throws(TokenError) in
      let (slot, identity) = try Self.find(uri, &calls)
      do throws(TokenError) {
        return (try Self.open(slot, identity, pin, isWritable, calls), identity)
      } catch {
        throw error.asAway(identity)
      }
    }
    self.identity = identity
    standing = Mutex(.open(session))
  }

  deinit {
    guard case .open(let session) = standing.withLock({ $0 }) else { return }
    try? module.use { (calls) throws(TokenError) in
      if session.generation == calls.generation { calls.closeSession(session.handle) }
    }
  }

  /// Runs `body` in an open session. If that turns out to be lost, runs it once more in another.
  func use<Result: Sendable>(
    _ body: (TokenCalls, inout TokenSession) throws(TokenError) -> Result
  ) throws(TokenError) -> Result {
    try standing.withLock { (standing) throws(TokenError) in
      if case .refused(let error) = standing { throw error }
      return try module.use { (calls) throws(TokenError) in
        if case .open(var session) = standing, session.generation == calls.generation {
          do throws(TokenError) {
            let result = try body(calls, &session)
            standing = .open(session)
            return result
          } catch {
            guard error.mayPass else { throw error }
            calls.closeSession(session.handle)
          }
        }
        standing = .closed
        do throws(TokenError) {
          var session = try reopen(&calls)
          standing = .open(session)
          let result = try body(calls, &session)
          standing = .open(session)
          return result
        } catch {
          if case .pinWrong = error { standing = .refused(error) }
          throw error.asAway(identity)
        }
      }
    }
  }

  private func reopen(_ calls: inout TokenCalls) throws(TokenError) -> TokenSession {
    do throws(TokenError) {
      let (slot, found) = try Self.find(uri, &calls)
      guard found == identity else { throw .absent(present: [found]) }
      return try Self.open(slot, identity, pin, isWritable, calls)
    } catch {
      // The module may not have noticed that its token was exchanged or came back.
      guard error.mayPass, try calls.restart() else { throw error }
    }
    let (slot, found) = try Self.find(uri, &calls)
    guard found == identity else { throw .absent(present: [found]) }
    return try Self.open(slot, identity, pin, isWritable, calls)
  }

  private static func find(
    _ uri: TokenURI, _ calls: inout TokenCalls
  ) throws(TokenError) -> (slot: CK_SLOT_ID, TokenIdentity) {
    var (matches, others) = try present(uri, calls)
    if matches.isEmpty, try calls.restart() { (matches, others) = try present(uri, calls) }
    guard let match = matches.first else { throw .absent(present: others) }
    guard matches.count == 1 else { throw .ambiguous(matches.map(\.1)) }
    return match
  }

  private static func present(
    _ uri: TokenURI, _ calls: TokenCalls
  ) throws(TokenError) -> (matches: [(slot: CK_SLOT_ID, TokenIdentity)], others: [TokenIdentity]) {
    var matches: [(slot: CK_SLOT_ID, TokenIdentity)] = []
    var others: [TokenIdentity] = []
    for slot in try calls.slots() {
      // One that is being removed does not hide the others.
      guard let (identity, flags) = try? calls.token(in: slot), flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0 else {
        continue
      }
      if identity.matches(uri) { matches.append((slot, identity)) } else { others.append(identity) }
    }
    return (matches, others)
  }

  private static func open(
    _ slot: CK_SLOT_ID, _ identity: TokenIdentity, _ pin: TokenPIN?, _ isWritable: Bool, _ calls: TokenCalls
  ) throws(TokenError) -> TokenSession {
    let handle = try calls.openSession(slot, isWritable: isWritable)
    do throws(TokenError) {
      try logIn(slot, identity, pin, handle, calls)
    } catch {
      calls.closeSession(handle)
      throw error
    }
    return TokenSession(handle: handle, slot: slot, generation: calls.generation)
  }

  private static func logIn(
    _ slot: CK_SLOT_ID, _ identity: TokenIdentity, _ pin: TokenPIN?, _ session: CK_SESSION_HANDLE, _ calls: TokenCalls
  ) throws(TokenError) {
    let flags = try calls.token(in: slot).flags
    func has(_ flag: UInt) -> Bool { flags & CK_FLAGS(flag) != 0 }
    guard has(CKF_LOGIN_REQUIRED) else { return }
    if has(CKF_USER_PIN_LOCKED) { throw .pinLocked(identity) }
    guard has(CKF_USER_PIN_INITIALIZED) else { throw .pinNotSet(identity) }
    let asksItself = has(CKF_PROTECTED_AUTHENTICATION_PATH)
    guard pin != nil || asksItself else { throw .pinNeeded(identity) }
    // A program that is restarted again and again with a wrong PIN would lock the token.
    if has(CKF_USER_PIN_FINAL_TRY), !asksItself { throw .pinFinalTry(identity) }
    do throws(TokenError) {
      try calls.login(session, asksItself ? nil : pin)
    } catch {
      guard case .call(_, let code) = error else { throw error }
      switch code {
      // Another session of this process on the token has logged in.
      case CKR_USER_ALREADY_LOGGED_IN: return
      case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE:
        throw .pinWrong(identity, left: attempts(try calls.token(in: slot).flags))
      case CKR_PIN_LOCKED: throw .pinLocked(identity)
      case CKR_PIN_EXPIRED: throw .pinExpired(identity)
      case CKR_USER_PIN_NOT_INITIALIZED: throw .pinNotSet(identity)
      default: throw error
      }
    }
  }

  private static func attempts(_ flags: CK_FLAGS) -> TokenError.PINAttempts {
    if flags & CK_FLAGS(CKF_USER_PIN_LOCKED) != 0 { return .none }
    return flags & CK_FLAGS(CKF_USER_PIN_FINAL_TRY) != 0 ? .last : .unknown
  }
}

extension Token: CustomStringConvertible, CustomReflectable {
  public var description: String { "Token(\(identity))" }
  public var customMirror: Mirror { Mirror(self, children: ["identity": identity]) }
}
