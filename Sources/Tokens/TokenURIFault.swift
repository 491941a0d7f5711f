internal import Primitives

/// The reason why a PKCS #11 URI was refused. Carries no value of the URI, which might be a PIN.
public enum TokenURIFault: Error, Hashable, Sendable {
  /// It does not begin with `pkcs11:`.
  case scheme
  case tooLong(limit: Int)
  /// A part is not `name=value`.
  case form
  /// An attribute that does not exist, or that would not be obeyed.
  case unknown(String)
  case repeated(String)
  /// A character that must be escaped.
  case character(String)
  /// A `%` without two hexadecimal digits.
  case escape(String)
  /// Not UTF-8, or with control characters.
  case text(String)
  case length(String, count: Int, limit: Int)
  case missing(String)
  /// Not an absolute path, or not `file:` and one.
  case path(String)
  /// It has a PIN in it.
  case pinValue
  /// It names something other than a private key.
  case type
}

extension TokenURIFault {
  var code: String {
    switch self {
    case .pinValue: "token.uri-pin"
    case .unknown: "token.uri-unknown"
    case .missing: "token.uri-incomplete"
    default: "token.uri"
    }
  }

  var explanation: String {
    switch self {
    case .scheme: "it does not begin with \(TokenURI.scheme)"
    case .tooLong(let limit): "it is longer than \(limit) bytes"
    case .form: "one of its parts is not NAME=VALUE"
    case .unknown(let name): "the attribute \(name.quoted) is not one that can be obeyed in this place"
    case .repeated(let name): "the attribute \(name) is there twice"
    case .character(let name): "the value of \(name) has a character that must be written as % and two digits"
    case .escape(let name): "the value of \(name) has a % without two hexadecimal digits"
    case .text(let name): "the value of \(name) is not UTF-8, or has control characters"
    case .length(let name, let count, let limit):
      "the value of \(name) has \(count) bytes; the limits are 1 and \(limit)"
    case .missing(let name): "it has no \(name)"
    case .path("pin-source"): "pin-source is not file: and an absolute path"
    case .path(let name): "\(name) is not an absolute path"
    case .pinValue: "it has a pin-value, and every user of this machine can read the arguments of a process"
    case .type: "its type is not private"
    }
  }

  var nextStep: String {
    switch self {
    case .pinValue:
      "change the PIN, put it into a file with mode 0600, and write pin-source=file:/PATH, or use --passphrase-env"
    case .unknown:
      "use token, serial, manufacturer, model, object, id and type; after the question mark module-path and pin-source"
    default: "write pkcs11:token=LABEL;object=KEY?module-path=/PATH/MODULE.so&pin-source=file:/PATH"
    }
  }
}
