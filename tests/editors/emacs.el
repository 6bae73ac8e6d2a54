;;; Sessions in Emacs with Eglot, set up as the documentation says. -*- lexical-binding: t -*-

(setq package-directory-list '("/usr/share/emacs/site-lisp/elpa" "/usr/share/emacs/site-lisp/elpa-src"))
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(setq eglot-sync-connect t eglot-connect-timeout 30 make-backup-files nil create-lockfiles nil)

;; The modes that people install; only their names count here.
(define-derived-mode yaml-mode prog-mode "YAML")
(define-derived-mode terraform-mode prog-mode "Terraform")
(define-derived-mode json-mode prog-mode "JSON")
(add-to-list 'auto-mode-alist '("\\.ya?ml\\'" . yaml-mode))
(add-to-list 'auto-mode-alist '("\\.json\\'" . json-mode))
(load (getenv "LEASTWISE_INIT") nil t)

(defvar shop (getenv "LEASTWISE_SHOP"))

(defun wait-for (what condition)
  "Return what CONDITION returns, once that is something; fail after 20 seconds without WHAT."
  (let ((end (+ (float-time) 20)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end)
        (error "waited in vain for %s in %s" what (buffer-string)))
      (accept-process-output nil 0.02))
    found))

(defun findings ()
  "The lines and texts of what Flymake shows."
  (mapcar (lambda (finding)
            (cons (line-number-at-pos (flymake-diagnostic-beg finding)) (flymake-diagnostic-text finding)))
          (flymake-diagnostics)))

(defun finding (text)
  "Wait for a finding with TEXT."
  (wait-for text (lambda ()
                   (seq-find (lambda (finding) (string-match-p (regexp-quote text) (cdr finding))) (findings)))))

(defun serve (name &optional text)
  "Visit the file NAME, with TEXT if it is new, as a user does."
  (let ((path (expand-file-name name shop)))
    (when text
      (make-directory (file-name-directory path) t)
      (write-region text nil path nil 'silent))
    (switch-to-buffer (find-file-noselect path))
    ;; What a command loop does behind a command: `eglot-ensure' waits for it.
    (run-hooks 'post-command-hook)
    (wait-for "the server" #'eglot-current-server)
    (wait-for "flymake" (lambda () flymake-mode))
    (flymake-start)))

(defun behind (text)
  "Go behind the first TEXT."
  (goto-char (point-min))
  (search-forward text))

(defun complete (word)
  "Choose WORD among the completions at point."
  (eglot--signal-textDocument/didChange)
  (let* ((found (cdr (run-hook-wrapped 'completion-at-point-functions #'completion--capf-wrapper 'all)))
         (beg (nth 0 found)) (end (nth 1 found)) (table (nth 2 found)) (exit (plist-get (nthcdr 3 found) :exit-function))
         (offered (all-completions (buffer-substring-no-properties beg end) table)))
    (unless (member word offered)
      (error "%s is not among %S" word (seq-take offered 12)))
    (let ((chosen (seq-find (lambda (offer) (equal offer word)) offered)))
      (delete-region beg end)
      (insert chosen)
      (funcall exit chosen 'finished))
    offered))

(defmacro check (what &rest body)
  "Run BODY, and say WHAT was tested."
  (declare (indent 1))
  `(let ((began (float-time)))
     (condition-case problem
         (progn ,@body (princ (format "ok     %s (%d ms)\n" ,what (* 1000 (- (float-time) began)))))
       (error
        (princ (format "FAILED %s: %s\n" ,what (error-message-string problem)))
        (kill-emacs 1)))))

(check "finds what is wrong, at its line"
  (serve "deploy/roles.yaml")
  (behind "s3:PutObjects")
  (let ((line (line-number-at-pos)))
    (unless (= (car (finding "`s3:PutObjects` has no effect")) line)
      (error "not on line %d: %S" line (findings)))))

(check "completes an action"
  (behind "lambda:UntagResource")
  (insert "\n                  - lambda:GetFunctionConfig")
  (complete "lambda:GetFunctionConfiguration")
  (unless (string-match-p "- lambda:GetFunctionConfiguration$" (buffer-string))
    (error "%s" (thing-at-point 'line))))

(check "explains on hover"
  (behind "dynamodb:Update")
  (let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (unless (string-match-p "UpdateTable.*\\(table\\|Table\\)" (replace-regexp-in-string "\n" " " (format "%S" hover)))
      (error "%S" hover))))

(check "fixes"
  (behind "s3:PutObject")
  (let* ((actions (append (eglot-code-actions (line-beginning-position) (line-end-position)) nil))
         (fix (seq-find (lambda (action) (string-match-p "s3:PutObject`?$" (plist-get action :title))) actions))
         (server (eglot--current-server-or-lose)))
    (unless fix
      (error "no fix among %S" (mapcar (lambda (action) (plist-get action :title)) actions)))
    (let* ((whole (if (plist-get fix :edit) fix (jsonrpc-request server :codeAction/resolve fix)))
           (inhibit-message t))
      (eglot--apply-workspace-edit (plist-get whole :edit)))
    (when (string-match-p "s3:PutObjects" (buffer-string))
      (error "still there"))
    (eglot--signal-textDocument/didChange)
    (wait-for "the finding to go"
              (lambda ()
                (not (seq-find (lambda (finding) (string-match-p "s3:PutObjects" (cdr finding))) (findings)))))))

(check "serves JSON, a module and the config"
  (serve "policies/reports.json")
  (finding "s3:ListBucket")
  (serve "module/main.tf"
         "data \"aws_iam_policy_document\" \"x\" {\n  statement {\n    actions   = [\"s3:GetObjects\"]\n    resources = [\"*\"]\n  }\n}\n")
  (finding "`s3:GetObjects`")
  (behind "[\"s3:GetOb")
  (delete-char 5)
  (complete "s3:GetObject")
  (serve "other/stack.template"
         "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{Effect: Allow, Action: 's3:GetObjects', Resource: '*'}]\n")
  (finding "`s3:GetObjects`")
  (serve "other/leastwise.toml" "[ap]\nprefix = \"shop\"\n")
  (finding "ap"))

(check "ends"
  (let ((inhibit-message t))
    (dolist (buffer (buffer-list))
      (with-current-buffer buffer
        (when (buffer-file-name) (set-buffer-modified-p nil))))
    (eglot-shutdown-all)))
