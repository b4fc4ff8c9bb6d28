{{- define "bk.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "bk.labels" -}}
app.kubernetes.io/name: blauwe-knop
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "bk.select" -}}
app.kubernetes.io/name: blauwe-knop
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "bk.image" -}}
{{- $image := .Values.image -}}
{{ required "image.repository: where your pipeline put the image" $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* As the settings have it; another form than the ingress can match would be a site that nobody finds. */}}
{{- define "bk.path" -}}
{{- if and .Values.path (not (regexMatch "^(/[a-z0-9]+(-[a-z0-9]+)*){1,3}$" .Values.path)) }}{{ fail "path: such as /blauwe-knop, of small letters, digits and hyphens" }}{{ end -}}
{{- if and .Values.path .Values.settings.public_url }}{{ fail "settings.public_url: leave it out, host and path say it" }}{{ end -}}
{{ .Values.path }}
{{- end }}

{{/* The settings file: what the operator gave goes before what the chart adds. */}}
{{- define "bk.settings" -}}
{{- $own := deepCopy .Values.settings -}}
{{- $added := dict
  "public_url" (printf "https://%s%s" .Values.host (include "bk.path" .))
  "sources_file" "sources.toml"
  "trust_folder" "trust"
  "database" (dict "password_file" "/secrets/database-password")
  "storage" (dict "key_ring_file" "/secrets/storage-keys")
  "audit" (dict "pseudonym_keys_file" "/secrets/pseudonym-keys")
  "login" (dict "signing_key_file" "/secrets/login-signing.pem" "decryption_key_file" "/secrets/login-decryption.pem")
  "seal" (dict "key_file" "/secrets/seal.key" "certificate_file" "/secrets/seal.pem" "chain_file" "/secrets/seal-chain.pem")
  "proxy" (dict "trusted_hops" 1 "addresses" .Values.proxyAddresses)
-}}
{{- if .Values.operatorHost -}}
{{- $_ := set $added "operator" (dict "public_url" (printf "https://%s" .Values.operatorHost) "signing_key_file" "/secrets/operator-signing.pem") -}}
{{- end -}}
{{- if hasKey (.Values.settings.seal | default dict) "key_folder" -}}{{- $_ := set $added "seal" dict -}}{{- end -}}
{{ mergeOverwrite $added $own | toToml }}
{{- end }}

{{/* One authority file of an organisation: PEM in the values, or by reference. Arguments: one (its values), of (wortels or
tijdstempel), name. Gives nothing when a time-stamp authority is not given at all. */}}
{{- define "bk.inline" -}}
{{- $inline := get .one .of -}}
{{- $reference := get .one (printf "%sIn" .of) -}}
{{- $place := printf "trust.%s.%s" .name .of -}}
{{- if and $inline $reference }}{{ fail (printf "%s: PEM or %sIn, not both" $place .of) }}{{ end -}}
{{- with $reference -}}
{{- if not (and (kindIs "map" .) (get . "configMap") (get . "key")) }}{{ fail (printf "%sIn: {configMap, key} of a ConfigMap that exists" $place) }}{{ end -}}
{{- else -}}
{{- if and (eq .of "wortels") (not $inline) }}{{ fail (printf "%s: PEM, or %sIn: {configMap, key}" $place .of) }}{{ end -}}
{{- end -}}
{{ $inline }}
{{- end }}

{{- define "bk.files" -}}
settings.toml: |
  {{- include "bk.settings" . | nindent 2 }}
sources.toml: |
  {{- .Values.sources | toToml | nindent 2 }}
{{- range $name, $one := .Values.trust }}
{{ $name }}.organisatie.toml: |
  naam = {{ $one.naam | quote }}
  organisatie_id = {{ $one.organisatie_id | quote }}
{{- range $of, $file := dict "wortels" "wortel" "tijdstempel" "tijdstempel" }}
{{- with include "bk.inline" (dict "one" $one "of" $of "name" $name) }}
{{ $name }}.{{ $file }}.pem: |
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A pod of one of the programs. Arguments: root, component, command, config (name of the ConfigMap), resources, web, owner (name of a Secret),
claim (name of a PersistentVolumeClaim). */}}
{{- define "bk.pod" -}}
metadata:
  labels:
    {{- include "bk.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
  annotations:
    checksum/files: {{ include "bk.files" .root | sha256sum }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: 45   # a collection that is running ends within 30 s
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- if .restart }}
  restartPolicy: {{ .restart }}
  {{- else }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "bk.select" . | nindent 10 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: {{ .component }}
      image: {{ include "bk.image" .root }}
      {{- with .command }}
      args: {{ toJson . }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      env:
        {{- if .web }}
        - {name: WEB_CONCURRENCY, value: {{ .workers | quote }}}
        {{- end }}
        {{- if not (hasKey (.root.Values.environment | default dict) "OTEL_SERVICE_NAME") }}
        - {name: OTEL_SERVICE_NAME, value: {{ printf "%s-%s" (include "bk.name" .root) .component }}}
        {{- end }}
        {{- range $key, $value := .root.Values.environment }}
        - {name: {{ $key }}, value: {{ $value | quote }}}
        {{- end }}
      {{- if .web }}
      ports:
        - {name: http, containerPort: 8000}
      startupProbe:
        httpGet: {path: /_health/live, port: http, httpHeaders: [{name: Host, value: {{ .host }}}]}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /_health/live, port: http, httpHeaders: [{name: Host, value: {{ .host }}}]}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /_health/ready, port: http, httpHeaders: [{name: Host, value: {{ .host }}}]}
        periodSeconds: 5
        timeoutSeconds: 5
      lifecycle:
        preStop: {exec: {command: [sleep, "5"]}}   # the ingress stops sending first
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      volumeMounts:
        - {name: files, mountPath: /srv/blauwe-knop/instance, readOnly: true}
        - {name: secrets, mountPath: /secrets, readOnly: true}
        {{- if .owner }}
        - {name: owner, mountPath: /owner, readOnly: true}
        {{- end }}
        {{- if .claim }}
        - {name: exchange, mountPath: /exchange}
        {{- end }}
  volumes:
    - name: files
      projected:
        sources:
          - configMap:
              name: {{ .config }}
              items:
                - {key: settings.toml, path: settings.toml}
                - {key: sources.toml, path: sources.toml}
                {{- range $name, $one := .root.Values.trust }}
                - {key: {{ $name }}.organisatie.toml, path: trust/{{ $name }}/organisatie.toml}
                {{- if $one.wortels }}
                - {key: {{ $name }}.wortel.pem, path: trust/{{ $name }}/wortel.pem}
                {{- end }}
                {{- if $one.tijdstempel }}
                - {key: {{ $name }}.tijdstempel.pem, path: trust/{{ $name }}/tijdstempel/wortel.pem}
                {{- end }}
                {{- end }}
          {{- range $name, $one := .root.Values.trust }}
          {{- with $one.wortelsIn }}
          - configMap: {name: {{ .configMap }}, items: [{key: {{ .key }}, path: trust/{{ $name }}/wortel.pem}]}
          {{- end }}
          {{- with $one.tijdstempelIn }}
          - configMap: {name: {{ .configMap }}, items: [{key: {{ .key }}, path: trust/{{ $name }}/tijdstempel/wortel.pem}]}
          {{- end }}
          {{- end }}
    # The group is ours (fsGroup), and nobody else can read: the programs refuse secrets that everybody can.
    - name: secrets
      secret: {secretName: {{ required "secretName: name of a Secret that exists" .root.Values.secretName }}, defaultMode: 0440}
    {{- with .owner }}
    - name: owner
      secret: {secretName: {{ . }}, defaultMode: 0440}
    {{- end }}
    {{- with .claim }}
    - name: exchange
      persistentVolumeClaim: {claimName: {{ . }}}
    {{- end }}
{{- end }}
