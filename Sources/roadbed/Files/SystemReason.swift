import Foundation

/// The system's own words for why a call failed.
enum SystemReason {
  static func of(_ error: any Error) -> String {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain { return text(Int32(error.code)) }
    if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
      return text(Int32(underlying.code))
    }
    return error.localizedDescription
  }

  static func text(_ number: Int32) -> String { "\(String(cString: strerror(number))) (errno \(number))" }
}
