import Primitives
import Testing

/// An example from a standard: secret, message and signature, in hexadecimal.
struct StandardVector: Sendable, CustomTestStringConvertible {
  let name: String
  let suite: Primitives.Suite
  let secret: String
  let key: String
  let message: String
  let signature: String

  var testDescription: String { name }

  static let all = [
    // The one of the two SHA-256 examples in RFC 6979, A.2.5, whose published s is low.
    StandardVector(
      name: "RFC 6979, A.2.5, message \"test\"", suite: .p256SHA256,
      secret: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
      key: "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
      message: "74657374",
      signature: "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
        + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"),
    StandardVector(
      name: "RFC 8032, 7.1, test 1", suite: .ed25519SHA256,
      secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "edd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    StandardVector(
      name: "RFC 8032, 7.1, test 2", suite: .ed25519SHA256,
      secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "ed3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    StandardVector(
      name: "RFC 8032, 7.1, test 3", suite: .ed25519SHA256,
      secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "edfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    // Uses the recommended curve, the identity 1234567812345678 and the message "message digest".
    StandardVector(
      name: "GB/T 32918.5, A.2", suite: .sm2SM3,
      secret: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
      key: "0309f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
      message: "6d65737361676520646967657374",
      signature: "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        + "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
  ]
}
