import glob
D={"privacy":["Who do I turn to with a press inquiry","Your survey was said to be anonymous","Does your company fall under the supply chain","Your prize draw:","Is it right that you ask for my birth date"],
"technical":['The voice search thinks I want "eleven',"The star rating shows 6","Live chat disconnects after"],
"account":["My account picture is a man","It says that my account was created in 2031"]}
for k,v in D.items():
    n=0
    for f in glob.glob(k+'*.txt'):
        L=open(f,encoding='utf8').read().split('\n')
        K=[l for l in L if not any(l.startswith(x) for x in v)]
        n+=len(L)-len(K); open(f,'w',encoding='utf8').write('\n'.join(K))
    assert n==len(v),(k,n)
