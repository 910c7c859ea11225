package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// resource is one resource as an infrastructure tool manages it. create, update and remove return what they sent.
type resource struct {
	name   string
	create func(context.Context) (any, error)
	read   func(context.Context) (any, error)
	update func(context.Context) (any, error)
	remove func(context.Context) error
}

// deploy creates and updates a resource, and requires that it reads as it was sent, so that a plan would be empty.
func (r resource) deploy(ctx context.Context) error {
	sent, err := r.create(ctx)
	if err == nil {
		err = r.matches(ctx, sent)
	}
	if err == nil && r.update != nil {
		if sent, err = r.update(ctx); err == nil {
			err = r.matches(ctx, sent)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	return nil
}

// destroy removes a resource and waits until the service does not find it.
func (r resource) destroy(ctx context.Context) error {
	if err := r.remove(ctx); err != nil {
		return fmt.Errorf("%s: remove: %w", r.name, err)
	}
	for {
		_, err := r.read(ctx)
		var notFound *types.ResourceNotFoundException
		if errors.As(err, &notFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: read after remove: %w", r.name, err)
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("%s: still found: %w", r.name, err)
		}
	}
}

func (r resource) matches(ctx context.Context, sent any) error {
	found, err := r.settled(ctx)
	if err != nil {
		return err
	}
	if unequal := differences("", reflect.ValueOf(sent), reflect.ValueOf(found)); len(unequal) > 0 {
		return fmt.Errorf("reads differently: %s", strings.Join(unequal, "; "))
	}
	return nil
}

// settled waits for the status that says that the resource can be used; without a status, it can.
func (r resource) settled(ctx context.Context) (any, error) {
	for {
		found, err := r.read(ctx)
		if err != nil {
			return nil, err
		}
		status := reflect.Indirect(reflect.ValueOf(found)).FieldByName("Status")
		if !status.IsValid() {
			return found, nil
		}
		switch status.String() {
		case "READY", "ACTIVE":
			return found, nil
		case "CREATING", "UPDATING":
			if err := pause(ctx); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("status is %q", status.String())
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

// differences compares the members that request and answer have in common. A member that was not sent must not be found.
func differences(path string, sent, found reflect.Value) []string {
	for sent.Kind() == reflect.Interface || sent.Kind() == reflect.Pointer {
		if sent.IsNil() || found.IsNil() {
			if sent.IsNil() && found.IsNil() {
				return nil
			}
			return []string{fmt.Sprintf("%s: sent %s, found %s", path, shown(sent), shown(found))}
		}
		sent, found = sent.Elem(), found.Elem()
	}
	switch sent.Kind() {
	case reflect.Struct:
		return differentMembers(path, sent, found)
	case reflect.Slice:
		if sent.Len() != found.Len() {
			return []string{fmt.Sprintf("%s: sent %d items, found %d", path, sent.Len(), found.Len())}
		}
		var unequal []string
		for i := range sent.Len() {
			unequal = append(unequal, differences(fmt.Sprintf("%s[%d]", path, i), sent.Index(i), found.Index(i))...)
		}
		return unequal
	default:
		if !reflect.DeepEqual(sent.Interface(), found.Interface()) {
			return []string{fmt.Sprintf("%s: sent %s, found %s", path, shown(sent), shown(found))}
		}
		return nil
	}
}

func differentMembers(path string, sent, found reflect.Value) []string {
	var unequal []string
	for i := range sent.NumField() {
		name := sent.Type().Field(i).Name
		same := found.FieldByName(name)
		if base, is := strings.CutSuffix(name, "Input"); is {
			same = found.FieldByName(base + "Output")
		}
		if !sent.Type().Field(i).IsExported() || !same.IsValid() {
			continue
		}
		unequal = append(unequal, differences(path+"."+name, sent.Field(i), same)...)
	}
	return unequal
}

func shown(value reflect.Value) string {
	if (value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface) && !value.IsNil() {
		return shown(value.Elem())
	}
	return fmt.Sprintf("%+v", value)
}
