internal import CPKCS11
internal import Primitives
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The shared library of a token's maker, opened once in a process and never closed: a library with threads of its own
/// does not survive that.
///
/// One lock for each module, because some are thread safe only in name.
final class TokenModule: Sendable {
  private let calls: Mutex<TokenCalls>

  /// By the system's handle, which is the same for two paths of one library.
  private static let opened = Mutex<[UInt: TokenModule]>([:])

  static func open(_ path: String) throws(TokenError) -> TokenModule {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw .module(path: path, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
    }
    let key = UInt(bitPattern: handle)
    return try opened.withLock { (opened) throws(TokenError) in
      if let module = opened[key] { return module }
      guard let symbol = dlsym(handle, "C_GetFunctionList") else {
        dlclose(handle)
        throw .module(path: path, reason: "it has no C_GetFunctionList, so it is not a PKCS #11 module")
      }
      let module = try TokenModule(unsafeBitCast(symbol, to: CK_C_GetFunctionList.self), path)
      opened[key] = module
      return module
    }
  }

  private init(_ getList: CK_C_GetFunctionList, _ path: String) throws(TokenError) {
    var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
    let code = getList(&list)
    guard code == CKR_OK, let list else { throw .call(function: "C_GetFunctionList", code: code) }
    let version = list.pointee.version
    // Other versions may have other functions in the same places.
    guard version.major == 2 || version.major == 3 else {
      throw .module(path: path, reason: "it is of PKCS #11 version \(version.major).\(version.minor); needed is 2 or 3")
    }
    calls = Mutex(try TokenCalls(list))
  }

  /// Lends the functions to one thread at a time.
  func use<Result: Sendable>(
    _ body: (inout TokenCalls) throws(TokenError) -> Result
  ) throws(TokenError) -> Result {
    try calls.withLock { (calls) throws(TokenError) in try body(&calls) }
  }
}
