internal import CPKCS11
internal import Primitives

/// The functions of an opened module. Only `TokenModule` makes one, and lends it to one thread at a time.
struct TokenCalls: @unchecked Sendable {
  private let list: UnsafeMutablePointer<CK_FUNCTION_LIST>
  /// Whether this process started the module, and so may restart it.
  private let isOurs: Bool
  /// Grows with each restart, which ends all sessions.
  private(set) var generation = 0
  private var restarted: ContinuousClock.Instant?

  /// Starts the module.
  init(_ list: UnsafeMutablePointer<CK_FUNCTION_LIST>) throws(TokenError) {
    self.list = list
    // Another library of this process may use the same module.
    switch try Self.initialize(list) {
    case CKR_OK: isOurs = true
    case CKR_CRYPTOKI_ALREADY_INITIALIZED: isOurs = false
    case let code: throw .call(function: "C_Initialize", code: code)
    }
  }

  private static func initialize(_ list: UnsafeMutablePointer<CK_FUNCTION_LIST>) throws(TokenError) -> CK_RV {
    var arguments = CK_C_INITIALIZE_ARGS()
    arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
    guard let function = list.pointee.C_Initialize else {
      throw .answer(function: "C_Initialize", fault: "it is missing")
    }
    return function(&arguments)
  }

  /// Lets the module look for tokens again, which many do only when they start. Returns whether it did: not more often than
  /// `TokenLimits.restartPause`, because it ends the sessions of every token of the module.
  mutating func restart() throws(TokenError) -> Bool {
    let now = ContinuousClock.now
    if let restarted, now - restarted < TokenLimits.restartPause { return false }
    guard isOurs else { return false }
    restarted = now
    generation += 1
    // What cannot be ended cannot be started either, which is found out next.
    _ = list.pointee.C_Finalize?(nil)
    let code = try Self.initialize(list)
    guard code == CKR_OK || code == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
      throw .call(function: "C_Initialize", code: code)
    }
    return true
  }

  private func call<Function>(
    _ name: StaticText, _ function: Function?, _ body: (Function) -> CK_RV
  ) throws(TokenError) {
    guard let function else { throw .answer(function: name, fault: "it is missing") }
    let code = body(function)
    guard code == CKR_OK else { throw .call(function: name, code: code) }
  }
}

// Slots and tokens.
extension TokenCalls {
  func slots() throws(TokenError) -> [CK_SLOT_ID] {
    var count: CK_ULONG = 0
    try call("C_GetSlotList", list.pointee.C_GetSlotList) { $0(1, nil, &count) }
    guard count <= TokenLimits.slots else {
      throw .answer(function: "C_GetSlotList", fault: "more than \(TokenLimits.slots) slots")
    }
    var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
    try call("C_GetSlotList", list.pointee.C_GetSlotList) { $0(1, &slots, &count) }
    return Array(slots.prefix(Int(min(count, CK_ULONG(slots.count)))))
  }

  func token(in slot: CK_SLOT_ID) throws(TokenError) -> (identity: TokenIdentity, flags: CK_FLAGS) {
    var info = CK_TOKEN_INFO()
    try call("C_GetTokenInfo", list.pointee.C_GetTokenInfo) { $0(slot, &info) }
    let identity = TokenIdentity(
      label: Self.text(of: info.label), serial: Self.text(of: info.serialNumber),
      manufacturer: Self.text(of: info.manufacturerID), model: Self.text(of: info.model))
    return (identity, info.flags)
  }

  /// The text of a field that is filled with spaces.
  private static func text<Field>(of field: Field) -> String {
    withUnsafeBytes(of: field) { bytes in
      let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0 }.map { $0 + 1 } ?? 0
      return String(decoding: bytes.prefix(end), as: UTF8.self)
    }
  }

  func mechanisms(of slot: CK_SLOT_ID) throws(TokenError) -> Set<CK_MECHANISM_TYPE> {
    var count: CK_ULONG = 0
    try call("C_GetMechanismList", list.pointee.C_GetMechanismList) { $0(slot, nil, &count) }
    guard count <= TokenLimits.mechanisms else {
      throw .answer(function: "C_GetMechanismList", fault: "more than \(TokenLimits.mechanisms) mechanisms")
    }
    var mechanisms = [CK_MECHANISM_TYPE](repeating: 0, count: Int(count))
    try call("C_GetMechanismList", list.pointee.C_GetMechanismList) { $0(slot, &mechanisms, &count) }
    return Set(mechanisms.prefix(Int(min(count, CK_ULONG(mechanisms.count)))))
  }
}

// Sessions.
extension TokenCalls {
  func openSession(_ slot: CK_SLOT_ID, isWritable: Bool) throws(TokenError) -> CK_SESSION_HANDLE {
    var session: CK_SESSION_HANDLE = 0
    let flags = CKF_SERIAL_SESSION | (isWritable ? CKF_RW_SESSION : 0)
    try call("C_OpenSession", list.pointee.C_OpenSession) { $0(slot, CK_FLAGS(flags), nil, nil, &session) }
    return session
  }

  /// Whatever it answers, the session is not used again.
  func closeSession(_ session: CK_SESSION_HANDLE) {
    _ = list.pointee.C_CloseSession?(session)
  }

  /// - Parameter pin: nil if the token asks for it itself.
  func login(_ session: CK_SESSION_HANDLE, _ pin: TokenPIN?) throws(TokenError) {
    guard let pin else {
      return try call("C_Login", list.pointee.C_Login) { $0(session, CK_USER_TYPE(CKU_USER), nil, 0) }
    }
    try pin.withBytes { (bytes) throws(TokenError) in
      try call("C_Login", list.pointee.C_Login) { login in
        // The module only reads it.
        let pointer = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        return login(session, CK_USER_TYPE(CKU_USER), pointer, CK_ULONG(bytes.count))
      }
    }
  }
}

// Objects.
extension TokenCalls {
  func find(_ wanted: TokenAttributes, _ session: CK_SESSION_HANDLE) throws(TokenError) -> [CK_OBJECT_HANDLE] {
    try wanted.withTemplate { (template, count) throws(TokenError) in
      try call("C_FindObjectsInit", list.pointee.C_FindObjectsInit) { $0(session, template, count) }
    }
    var found = [CK_OBJECT_HANDLE](repeating: 0, count: TokenLimits.objects)
    var count: CK_ULONG = 0
    defer { _ = list.pointee.C_FindObjectsFinal?(session) }
    try call("C_FindObjects", list.pointee.C_FindObjects) { $0(session, &found, CK_ULONG(found.count), &count) }
    guard count < found.count else {
      throw .answer(function: "C_FindObjects", fault: "\(TokenLimits.objects) objects or more")
    }
    return Array(found.prefix(Int(count)))
  }

  /// The value of an attribute; nil if the object does not have it.
  func value(
    _ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE, _ session: CK_SESSION_HANDLE
  ) throws(TokenError) -> [UInt8]? {
    var attribute = CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
    do throws(TokenError) {
      try call("C_GetAttributeValue", list.pointee.C_GetAttributeValue) { $0(session, object, &attribute, 1) }
    } catch {
      if case .call(_, CKR_ATTRIBUTE_TYPE_INVALID) = error { return nil }
      throw error
    }
    // All ones stand for a value that cannot be had.
    guard attribute.ulValueLen != .max else { return nil }
    guard attribute.ulValueLen <= TokenLimits.attributeBytes else {
      throw .answer(
        function: "C_GetAttributeValue", fault: "an attribute of more than \(TokenLimits.attributeBytes) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: Int(attribute.ulValueLen))
    guard !bytes.isEmpty else { return bytes }
    try call("C_GetAttributeValue", list.pointee.C_GetAttributeValue) { get in
      bytes.withUnsafeMutableBytes { buffer in
        attribute.pValue = buffer.baseAddress
        attribute.ulValueLen = CK_ULONG(buffer.count)
        return get(session, object, &attribute, 1)
      }
    }
    guard attribute.ulValueLen <= bytes.count else {
      throw .answer(function: "C_GetAttributeValue", fault: "an attribute that became longer")
    }
    return Array(bytes.prefix(Int(attribute.ulValueLen)))
  }

  func set(
    _ attributes: TokenAttributes, of object: CK_OBJECT_HANDLE, _ session: CK_SESSION_HANDLE
  ) throws(TokenError) {
    try attributes.withTemplate { (template, count) throws(TokenError) in
      try call("C_SetAttributeValue", list.pointee.C_SetAttributeValue) { $0(session, object, template, count) }
    }
  }

  func destroy(_ object: CK_OBJECT_HANDLE, _ session: CK_SESSION_HANDLE) throws(TokenError) {
    try call("C_DestroyObject", list.pointee.C_DestroyObject) { $0(session, object) }
  }

  func generate(
    _ mechanism: CK_MECHANISM_TYPE, public publicHalf: TokenAttributes, private privateHalf: TokenAttributes,
    _ session: CK_SESSION_HANDLE
  ) throws(TokenError) {
    var mechanism = CK_MECHANISM(mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
    var handles: (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE) = (0, 0)
    try publicHalf.withTemplate { (publicHalf, publicCount) throws(TokenError) in
      try privateHalf.withTemplate { (privateHalf, privateCount) throws(TokenError) in
        try call("C_GenerateKeyPair", list.pointee.C_GenerateKeyPair) {
          $0(session, &mechanism, publicHalf, publicCount, privateHalf, privateCount, &handles.0, &handles.1)
        }
      }
    }
  }

  /// The 64 bytes that the token makes of `data`.
  func sign(
    _ data: [UInt8], _ mechanism: CK_MECHANISM_TYPE, with key: CK_OBJECT_HANDLE, _ session: CK_SESSION_HANDLE
  ) throws(TokenError) -> Signature {
    var mechanism = CK_MECHANISM(mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
    try call("C_SignInit", list.pointee.C_SignInit) { $0(session, &mechanism, key) }
    var data = data
    // Twice as long as needed, so that a longer signature is told from one that fits.
    var output = [UInt8](repeating: 0, count: 2 * Signature.byteCount)
    var count = CK_ULONG(output.count)
    try call("C_Sign", list.pointee.C_Sign) { $0(session, &data, CK_ULONG(data.count), &output, &count) }
    guard count == Signature.byteCount, let signature = Signature(bytes: output.prefix(Int(count))) else {
      throw .answer(function: "C_Sign", fault: "a signature of \(count) bytes in place of \(Signature.byteCount)")
    }
    return signature
  }
}
