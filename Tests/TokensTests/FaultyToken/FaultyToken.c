// A PKCS #11 module that hands everything to another one, except for the faults that a file names. The tests compile it,
// because no token can be told to break.
//   REAL    the module that does the work
//   FAULTS  the file with the names of faults; logins are counted in the same path with ".logins"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if __has_include(<p11-kit-1/p11-kit/pkcs11.h>)
#include <p11-kit-1/p11-kit/pkcs11.h>
#else
#include <p11-kit/pkcs11.h>
#endif

static CK_FUNCTION_LIST real, faulty;

static int has(const char *fault) {
  char text[512] = {0};
  FILE *file = fopen(FAULTS, "r");
  if (!file) return 0;
  size_t count = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[count] = 0;
  for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n"))
    if (!strcmp(word, fault)) return 1;
  return 0;
}

// A fault that happens once, until the faults are set again.
static int has_once(const char *fault) {
  if (!has(fault) || access(FAULTS ".done", F_OK) == 0) return 0;
  FILE *file = fopen(FAULTS ".done", "w");
  if (file) fclose(file);
  return 1;
}

static CK_RV initialize(void *arguments) {
  CK_RV code = real.C_Initialize(arguments);
  return code == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : code;
}

static CK_RV get_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
  if (has("no-slots")) {
    *count = 0;
    return CKR_OK;
  }
  if (has("many-slots") && !slots) {
    *count = 1UL << 40;
    return CKR_OK;
  }
  return real.C_GetSlotList(present, slots, count);
}

static CK_RV get_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
  CK_RV code = real.C_GetTokenInfo(slot, info);
  if (has("final-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (has("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  if (has("pin-pad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return code;
}

static CK_RV get_mechanisms(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count) {
  CK_RV code = real.C_GetMechanismList(slot, list, count);
  if (list && has("no-elliptic-curves"))
    for (CK_ULONG index = 0; index < *count; index++)
      if (list[index] == CKM_ECDSA || list[index] == CKM_EDDSA) list[index] = CKM_RSA_PKCS;
  return code;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG count) {
  FILE *file = fopen(FAULTS ".logins", "a");
  if (file) {
    fputs(pin ? "x" : "p", file);
    fclose(file);
  }
  if (has("pin-incorrect")) return CKR_PIN_INCORRECT;
  if (has("pin-expired")) return CKR_PIN_EXPIRED;
  // What a person would press.
  if (!pin) return real.C_Login(session, user, (CK_UTF8CHAR *)"1234", 4);
  return real.C_Login(session, user, pin, count);
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *list, CK_ULONG count) {
  CK_RV code = real.C_GetAttributeValue(session, object, list, count);
  if (code == CKR_OK && list[0].type == CKA_EC_POINT) {
    if (has("huge-attribute")) list[0].ulValueLen = 1UL << 40;
    if (has("growing-attribute") && list[0].pValue) list[0].ulValueLen = 4000;
    if (has("no-point") && list[0].pValue) memset(list[0].pValue, 0, list[0].ulValueLen);
  }
  return code;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
  if (has("removed") || has("no-slots")) return CKR_DEVICE_REMOVED;
  if (has("failing")) return CKR_FUNCTION_FAILED;
  if (has_once("session-lost")) {
    real.C_CloseSession(session);
    return CKR_SESSION_HANDLE_INVALID;
  }
  return real.C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *output, CK_ULONG *count) {
  CK_RV code = real.C_Sign(session, data, size, output, count);
  if (has("long-signature")) *count = 1UL << 40;
  if (has("short-signature")) *count = 8;
  if (has("wrong-signature")) output[40] ^= 1;
  if (has("zero-signature")) memset(output, 0, *count);
  return code;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
  void *handle = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return CKR_GENERAL_ERROR;
  CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(handle, "C_GetFunctionList");
  CK_FUNCTION_LIST *found;
  if (!get || get(&found) != CKR_OK) return CKR_GENERAL_ERROR;
  real = *found;
  faulty = real;
  faulty.C_Initialize = initialize;
  faulty.C_GetSlotList = get_slots;
  faulty.C_GetTokenInfo = get_token;
  faulty.C_GetMechanismList = get_mechanisms;
  faulty.C_Login = login;
  faulty.C_GetAttributeValue = get_attribute;
  faulty.C_SignInit = sign_init;
  faulty.C_Sign = sign;
  if (has("other-version")) faulty.version.major = 1;
  *list = &faulty;
  return CKR_OK;
}
